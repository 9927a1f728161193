import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Controller, Get, Post, Req } from '@nestjs/common';
import type { Caller } from '@feather-identity/core';
import { createTenant, type Host, PROTECTIONS, startHost, type Tenant } from '../../testing/host.js';
import { E401, send } from '../../testing/requests.js';
import { getCaller } from './caller-of-request.js';
import { CurrentCaller } from './current-caller.decorator.js';
import { Public, RequireScopes } from './route-access.js';

let handlerRuns = 0;

@Controller('host')
class HostController {
  @RequireScopes()
  @Get('closed')
  closed(@CurrentCaller() caller: Caller): object {
    handlerRuns += 1;
    return { organization: caller.organization.name, member: caller.member.id, key: caller.apiKey.id };
  }

  @RequireScopes()
  @Post('closed')
  post(): void {
    handlerRuns += 1;
  }

  @Public()
  @Get('open')
  open(@Req() request: object): object {
    return { hasCaller: getCaller(request) !== undefined };
  }

  @Public()
  @Get('contradiction')
  contradiction(@CurrentCaller() caller: Caller): string {
    return caller.organization.name;
  }
}

describe.each(PROTECTIONS)('the routes of a host that protects itself by %s', (protection) => {
  let host: Host;
  let tenant: Tenant;

  beforeAll(async () => {
    host = await startHost({ protection, controllers: [HostController] });
    tenant = await createTenant(host);
  });

  beforeEach(() => {
    handlerRuns = 0;
    host.apiKeys.reads = 0;
  });

  afterAll(() => host.app.close());

  it.each(['GET', 'POST'])('are closed to strangers: %s without a key runs no handler', async (method) => {
    const { status, body } = await send(host, method, '/host/closed');
    expect([status, body, handlerRuns]).toEqual([401, E401, 0]);
  });

  it('give their handler the caller', async () => {
    const { body } = await send(host, 'GET', '/host/closed', { key: tenant.key });
    expect(body).toEqual({ organization: 'Acme', member: tenant.owner.id, key: tenant.apiKey.id });
  });

  it('verify a key once a request', async () => {
    await send(host, 'GET', '/host/closed', { key: tenant.key });
    expect([handlerRuns, host.apiKeys.reads]).toEqual([1, 1]);
  });

  it('are opened by @Public(), and no key is looked at there', async () => {
    const answers = [await send(host, 'GET', '/host/open'), await send(host, 'GET', '/host/open', { key: tenant.key })];
    expect(answers.map(({ status, body }) => [status, body])).toEqual(Array(2).fill([200, { hasCaller: false }]));
    expect(host.apiKeys.reads).toBe(0);
  });

  it('answer 401 where a public handler asks for a caller', async () => {
    const { status, body } = await send(host, 'GET', '/host/contradiction');
    expect([status, body]).toEqual([401, E401]);
  });
});
