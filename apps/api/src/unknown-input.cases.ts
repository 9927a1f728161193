import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { call, type Operation, readOperations } from '../testing/operations.js';
import { created, send } from '../testing/requests.js';
import { createTenant, type Service, startService, type Tenant } from '../testing/service.js';
import { storedRows } from '../testing/stored-rows.js';

/** The operations of the Feather API, which ignores what it does not know: its clients may rely on that. */
const LENIENT = [
  'delete /v1/identity/api-keys/{key_id}',
  'get /v1/identity/api-keys',
  'get /v1/identity/org/members',
  'get /v1/identity/whoami',
  'post /v1/identity/api-keys',
];

type Described = Readonly<
  Record<string, Readonly<Record<string, { requestBody?: { content: Record<string, { schema: { $ref: string } }> } }>>>
>;

describe('input that no operation knows', () => {
  let service: Service;
  let tenant: Tenant;
  let operations: Operation[];

  beforeAll(async () => {
    service = await startService('sqlite', process.env);
    tenant = await createTenant(service);
    operations = await readOperations(service);
  });

  afterAll(() => service.close());

  const isStrict = ({ name }: Operation) => !LENIENT.includes(name);
  const ask = async (operation: Operation, extra: object) => {
    const target = await created(service, tenant.key, { name: 'Target', scopes: ['a:b'] });
    const before = await storedRows(service);
    const answer = await call(service, operation, tenant.key, target, extra);
    return { ...answer, isUnchanged: JSON.stringify(await storedRows(service)) === JSON.stringify(before) };
  };
  const extra = (source: string) => ({ type: 'extra_forbidden', loc: [source, 'unknown_field'] });

  it('is refused in the query by every operation but those of the contract', async () => {
    for (const operation of operations) {
      const { status, body, isUnchanged } = await ask(operation, { query: 'unknown_field=1' });
      if (!isStrict(operation)) expect([operation.name, status]).toEqual([operation.name, operation.success]);
      else expect([operation.name, status, body]).toMatchObject([operation.name, 422, { detail: [extra('query')] }]);
      expect([operation.name, isUnchanged || !isStrict(operation)]).toEqual([operation.name, true]);
    }
  });

  it('is refused in the body likewise, and the document says so', async () => {
    const document = (await send(service, 'GET', '/openapi.json')).body;
    const { paths, components } = document as { paths: Described; components: { schemas: Record<string, object> } };
    const withBody = operations.filter(({ path, method }) => paths[path]?.[method.toLowerCase()]?.requestBody);
    expect(withBody).toHaveLength(7);
    for (const operation of withBody) {
      const { status, body, isUnchanged } = await ask(operation, { body: { unknown_field: 1 } });
      const { schema } = Object.values(
        paths[operation.path]![operation.method.toLowerCase()]!.requestBody!.content,
      )[0]!;
      const described = components.schemas[schema.$ref.split('/').at(-1)!]!;
      expect([operation.name, 'additionalProperties' in described]).toEqual([operation.name, isStrict(operation)]);
      if (!isStrict(operation)) expect([operation.name, status]).toEqual([operation.name, operation.success]);
      else expect([operation.name, status, body]).toMatchObject([operation.name, 422, { detail: [extra('body')] }]);
      expect([operation.name, isUnchanged || !isStrict(operation)]).toEqual([operation.name, true]);
    }
  });

  it('does not matter to probes and descriptions: load balancers add parameters', async () => {
    for (const path of ['/healthz', '/readyz', '/openapi.json', '/docs']) {
      expect([path, (await send(service, 'GET', `${path}?x=1`)).status]).toEqual([path, 200]);
    }
  });
});
