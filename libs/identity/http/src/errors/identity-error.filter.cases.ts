import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ApiKeys, type IssueKeyRequest, IdentityError, Organizations } from '@feather-identity/core';
import {
  type ArgumentsHost,
  Body,
  Catch,
  ConflictException,
  Controller,
  Delete,
  type ExceptionFilter,
  Get,
  type INestApplication,
  Param,
  Post,
} from '@nestjs/common';
import { APP_FILTER } from '@nestjs/core';
import { Test } from '@nestjs/testing';
import { type Platform, PLATFORMS } from '../../testing/guarded-hosts.js';
import { send } from '../../testing/requests.js';
import { CurrentCaller, IdentityErrorFilter, Public, RequireScopes } from '../index.js';
import { IdentityTestingModule } from '../testing/index.js';

class SoldOutError extends Error {}

@Catch(SoldOutError)
class SoldOutFilter implements ExceptionFilter<SoldOutError> {
  catch(_error: SoldOutError, host: ArgumentsHost): void {
    const response = host.switchToHttp().getResponse<{ status(code: number): { send(body: object): void } }>();
    response.status(410).send({ soldOut: true });
  }
}

/** What a host's own session would say. */
const USER = { externalId: 'user_ada', email: 'ada@example.com' };

@Controller('my/:organizationId')
class MyController {
  constructor(
    private readonly apiKeys: ApiKeys,
    private readonly organizations: Organizations,
  ) {}

  @Public()
  @Post('keys')
  issue(@Param('organizationId') organizationId: string, @Body() body: Omit<IssueKeyRequest, 'organizationId'>) {
    return this.apiKeys.issue({ ...body, organizationId, user: USER });
  }

  @Public()
  @Delete('keys/:id')
  revoke(@Param('organizationId') organizationId: string, @Param('id') id: string) {
    return this.apiKeys.revoke({ organizationId, user: USER.externalId, id });
  }

  @Public()
  @Get('conflict')
  conflict(): never {
    throw new ConflictException('The host says so.');
  }

  @Public()
  @Get('sold-out')
  soldOut(): never {
    throw new SoldOutError();
  }

  @Public()
  @Get('bug')
  bug(): never {
    throw new Error('a bug');
  }

  @Public()
  @Get('storage')
  storage(): never {
    throw new IdentityError('storage.unavailable', 'The service cannot reach its storage.');
  }

  @RequireScopes('orders:read')
  @Get('whoami')
  whoami(@CurrentCaller() caller: { readonly member: { readonly externalId: string } }) {
    return { user: caller.member.externalId };
  }

  @Public()
  @Get('users')
  users(@Param('organizationId') organizationId: string) {
    return this.organizations.members.list(organizationId);
  }
}

describe.each(['express', 'fastify'] as const)(
  "keys in an application's own controllers on %s",
  (platform: Platform) => {
    let app: INestApplication;
    let host: { readonly port: number };
    let path: string;

    beforeAll(async () => {
      const module = await Test.createTestingModule({
        imports: [IdentityTestingModule],
        controllers: [MyController],
        providers: [
          { provide: APP_FILTER, useClass: IdentityErrorFilter },
          { provide: APP_FILTER, useClass: SoldOutFilter },
        ],
      }).compile();
      app = module.createNestApplication(PLATFORMS[platform](), { logger: false });
      await app.listen(0, '127.0.0.1');
      host = { port: Number(new URL(await app.getUrl()).port) };
      const { organization } = await module.get(Organizations).create({ name: 'Acme' });
      path = `/my/${organization.id}`;
    });

    afterAll(() => app.close());

    const issue = (body: object) => send(host, 'POST', `${path}/keys`, { body });

    it('are issued in memory, and accepted by the guard until they are revoked', async () => {
      const { status, body } = await issue({ name: 'CI', scopes: ['orders:read'] });
      expect(status).toBe(201);
      const { token: key, apiKey } = body as { token: string; apiKey: { id: string } };
      expect((await send(host, 'GET', `${path}/whoami`, { key })).body).toEqual({ user: USER.externalId });
      expect((await send(host, 'GET', `${path}/users`)).body).toMatchObject({ items: [USER, { externalId: 'owner' }] });
      expect((await send(host, 'DELETE', `${path}/keys/${apiKey.id}`)).status).toBe(200);
      expect((await send(host, 'GET', `${path}/whoami`, { key })).status).toBe(401);
    });

    it('are refused in the words of the contract, malformed ids too', async () => {
      const notFound = { error: 'not_found', message: 'No such API key.' };
      const gone = await send(host, 'DELETE', `${path}/keys/no-uuid`);
      expect([gone.status, gone.body]).toEqual([404, notFound]);
      expect(gone.headers.get('content-type')).toBe('application/json');
      const bad = await issue({ name: '', scopes: ['orders:read'] });
      expect([bad.status, bad.body]).toMatchObject([400, { error: 'bad_request' }]);
      const away = await send(host, 'GET', `${path}/storage`);
      expect([away.status, away.headers.get('retry-after')]).toEqual([503, '1']);
      expect(away.body).toMatchObject({ error: 'service_unavailable', retryable: true });
    });

    it("leave all other errors to the application's filters and NestJS", async () => {
      const conflict = { statusCode: 409, error: 'Conflict', message: 'The host says so.' };
      expect((await send(host, 'GET', `${path}/conflict`)).body).toEqual(conflict);
      expect(await send(host, 'GET', `${path}/sold-out`)).toMatchObject({ status: 410, body: { soldOut: true } });
      const bug = { statusCode: 500, message: 'Internal server error' };
      expect((await send(host, 'GET', `${path}/bug`)).body).toEqual(bug);
    });
  },
);
