import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { created, KEYS, send, WHOAMI } from '../testing/requests.js';
import { emptyDatabase } from '../testing/databases.js';
import { environment } from '../testing/environment.js';
import { createTenant, type Service, startServiceIn, type Tenant } from '../testing/service.js';

const PAGE = new URL('../../../libs/shared/http/src/server/pipeline.ts', import.meta.url);
/** A hook of the page, or one that it shows as the application's: its kind and the name of its function. */
const LISTED = /addHook\('(\w+)', (?:\w+\.)?(\w+)\);|\/\/ Application, (\w+): (\w+) of/g;

type Hook = (this: unknown, ...args: unknown[]) => unknown;
interface Instance {
  addHook: (kind: string, hook: Hook) => unknown;
}

const listed = [...readFileSync(PAGE, 'utf8').matchAll(LISTED)].map(([, kind, name, otherKind, otherName]) =>
  [kind ?? otherKind, name ?? otherName].join(' '),
);

describe('the page of the hooks', () => {
  const ran: string[] = [];
  let service: Service;
  let tenant: Tenant;

  /** Notes each hook when it runs. Nest adds hooks of its own before anyone else does, and they alone have no name. */
  const watch = (message: unknown): void => {
    const { fastify } = message as { fastify: Instance };
    const { addHook } = fastify;
    let isOurs = false;
    fastify.addHook = (kind, hook) => {
      isOurs ||= hook.name !== '';
      if (!isOurs) return addHook.call(fastify, kind, hook);
      return addHook.call(fastify, kind, function (this: unknown, ...args) {
        ran.push(`${kind} ${hook.name}`);
        return hook.apply(this, args);
      });
    };
  };

  beforeAll(async () => {
    subscribe('fastify.initialization', watch);
    // With every hook there is.
    const settings = { CORS_ORIGINS: '*', METRICS: 'on' };
    service = await startServiceIn(environment({ DATABASE_URL: await emptyDatabase('sqlite', {}), ...settings }));
    unsubscribe('fastify.initialization', watch);
    tenant = await createTenant(service);
  });

  afterAll(() => service.close());

  const answered = async (request: () => Promise<unknown>): Promise<string[]> => {
    ran.length = 0;
    await request();
    // The hooks of onResponse run when the client has the answer.
    while (ran.at(-1) !== listed.at(-1)) await new Promise(setImmediate);
    return [...ran];
  };

  it('lists those that run when a route is added', () => {
    const kinds = listed.filter((hook) => hook.startsWith('onRoute '));
    expect(kinds).toHaveLength(2);
    expect(ran.slice(0, kinds.length)).toEqual(kinds);
  });

  it('lists those of a request in the order in which they run', async () => {
    const ofRequest = listed.filter((hook) => !hook.startsWith('onRoute '));
    expect(await answered(() => created(service, tenant.key))).toEqual(ofRequest);
  });

  it('shows which of them a refused request gets to see', async () => {
    const upTo = (last: string) => [
      ...listed.slice(2, listed.findIndex((hook) => hook.endsWith(` ${last}`)) + 1),
      ...listed.filter((hook) => /^(?:onSend|onResponse) /.test(hook)),
    ];
    expect(await answered(() => send(service, 'POST', KEYS, { body: {} }))).toEqual(upTo('authenticateRequest'));
    expect(await answered(() => send(service, 'PUT', WHOAMI))).toEqual(upTo('refuseUnrouted'));
  });
});
