import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { GRANTS, holds, STRANGERS } from '../testing/callers.js';
import { call, type Operation, readOperations, readOperatorOperations, routesOf } from '../testing/operations.js';
import { type Answer, created, type CreatedKey } from '../testing/requests.js';
import { createTenant, type Service, startService, type Tenant } from '../testing/service.js';
import { storedRows } from '../testing/stored-rows.js';

/** What nobody needs a key for. */
const PUBLIC = [
  '/',
  '/healthz',
  '/readyz',
  '/openapi.json',
  '/docs',
  '/docs/',
  '/docs/start.js',
  '/docs/swagger-ui.css',
  '/docs/swagger-ui-bundle.js',
  '/console',
  // As it prints `/console/*`.
  '/console*',
].flatMap((path) => [`GET ${path}`, `HEAD ${path}`]);

/** They want the cookie of a session, or open one: no key. */
const OF_SESSIONS = [
  'POST /console/api/sessions',
  'GET /console/api/session',
  'DELETE /console/api/session',
  'GET /console/api/sessions',
  'DELETE /console/api/sessions/:session_id',
];

describe('every operation that the service describes (AZ6)', () => {
  let service: Service;
  let tenant: Tenant;
  let operations: Operation[];
  let target: CreatedKey;
  /** What is stored, if nothing was meant to change since it was read. */
  let stored: string | undefined;

  beforeEach(() => {
    stored = undefined;
  });

  beforeAll(async () => {
    service = await startService('sqlite', process.env);
    tenant = await createTenant(service);
    operations = await readOperations(service);
    target = await created(service, tenant.key, { name: 'Target', scopes: ['a:b'] });
  });

  afterAll(() => service.close());

  /** As text, which is compared in no time. */
  const readStored = async () => JSON.stringify(await storedRows(service));

  /** The answer to somebody who must not get through. */
  async function refused(operation: Operation, key: string | undefined): Promise<Answer> {
    const before = (stored ??= await readStored());
    const answer = await call(service, operation, key, target);
    stored = await readStored();
    expect([operation.name, stored]).toEqual([operation.name, before]);
    return answer;
  }

  async function expectForbidden(operation: Operation, key: string, missing: readonly string[]): Promise<void> {
    const { status, body } = await refused(operation, key);
    const { error, message } = body as Record<string, string>;
    expect([operation.name, status, error]).toEqual([operation.name, 403, 'permission_denied']);
    for (const scope of missing) expect(message).toContain(`"${scope}"`);
  }

  async function expectAdmitted(operation: Operation, key: string): Promise<void> {
    stored = undefined;
    const own = await created(service, tenant.key, { name: 'Target', scopes: ['a:b'] });
    const { status, text } = await call(service, operation, key, own);
    expect([operation.name, status, text]).toEqual([operation.name, operation.success, expect.anything()]);
  }

  const keyWith = async (scopes: readonly string[] | null) => {
    stored = undefined;
    return (await created(service, tenant.key, { name: 'Caller', ...(scopes === null ? {} : { scopes }) }))
      .plain_text_key;
  };

  const expectVerdict = async (operation: Operation, granted: readonly string[] | null, key: string) => {
    const missing = operation.scopes.filter((scope) => !holds(granted, scope));
    if (missing.length > 0) await expectForbidden(operation, key, missing);
    else await expectAdmitted(operation, key);
  };

  it('is a route of the service, and every route besides is meant to be public', async () => {
    const all = [...operations, ...(await readOperatorOperations(service))];
    const described = all.map(({ method, path }) => `${method} ${path.replace(/\{(\w+)\}/g, ':$1')}`);
    expect(routesOf(service).sort()).toEqual([...described, ...PUBLIC, ...OF_SESSIONS].sort());
    expect(new Set(operations.flatMap(({ scopes }) => scopes)).size).toBeGreaterThanOrEqual(5);
  });

  it.each(Object.entries(STRANGERS))('is 401 to %s, and changes nothing', async (_who, makeKey) => {
    const key = await makeKey(service, tenant);
    for (const operation of operations) {
      const { status, body } = await refused(operation, key);
      expect([operation.name, status, body]).toMatchObject([operation.name, 401, { error: 'authentication_required' }]);
    }
  });

  it.each(Object.entries(GRANTS))('is open, or 403 with what is missing and no change, to %s', async (_who, grant) => {
    for (const operation of operations) {
      const granted = grant(operation.scopes);
      await expectVerdict(operation, granted, await keyWith(granted));
    }
  });

  it('is open to each scope that it demands, and 403 to each other one that this API knows', async () => {
    for (const scope of new Set(operations.flatMap(({ scopes }) => scopes))) {
      const granted = ['a:b', scope];
      const key = await keyWith(granted);
      for (const operation of operations) await expectVerdict(operation, granted, key);
    }
  });
});
