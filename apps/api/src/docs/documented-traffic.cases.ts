import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { emptyDatabase } from '../../testing/databases.js';
import { type Described, type DescribedOperation, Description, examplesOf } from '../../testing/description.js';
import { environment } from '../../testing/environment.js';
import { type Answer, created, type CreatedKey, KEYS, send, type Sent } from '../../testing/requests.js';
import { createTenant, type Service, startServiceIn, type Tenant } from '../../testing/service.js';

const NOBODY = '019ad1c3-0000-7000-8000-000000000000';

/** Documented, but no request of this file gets there. */
const UNSEEN = [
  'patch /v1/identity/api-keys/{key_id} 409',
  // An answer to every request whose head is malformed; only some operations have rules of their own.
  /^(?:get \S+|delete \S+|post \S+\/(?:rotate|bulk)|patch \S+\/policy) 400$/,
];

interface Value {
  readonly value: unknown;
  readonly accepted: boolean;
}

/** Values on both sides of each limit that a schema states. */
function bordering({ anyOf, ...whole }: Described): Value[] {
  const schema = { ...whole, ...(anyOf as readonly Described[] | undefined)?.[0] };
  const { minLength, maxLength, minimum, maximum, maxItems } = schema as Readonly<Record<string, number | undefined>>;
  const items = schema['items'] as Described | undefined;
  const texts = (length: number | undefined, beyond: 1 | -1) =>
    length === undefined ? [] : pair('x'.repeat(length), 'x'.repeat(length + beyond));
  const numbers = (limit: number | undefined, beyond: 1 | -1) =>
    limit === undefined ? [] : pair(limit, limit + beyond);
  const isNetworks = schema['title'] === 'Allowed Networks';
  const listed = items?.['format'] === 'uuid' ? idsOf : isNetworks ? networks : scopes;
  const lists = maxItems === undefined ? [] : pair(listed(maxItems), listed(maxItems + 1));
  return [
    ...texts(minLength, -1),
    ...texts(maxLength, 1),
    ...numbers(minimum, -1),
    ...numbers(maximum, 1),
    ...lists,
    ...(items?.['pattern'] === undefined || isNetworks ? [] : borderingScopes(items)),
  ];
}

function borderingScopes({ maxLength, pattern }: Described): Value[] {
  const long =
    typeof maxLength === 'number' ? pair([`a:${'b'.repeat(maxLength - 2)}`], [`a:${'b'.repeat(maxLength - 1)}`]) : [];
  const texts = ['a:b', 'a:*', '*', 'A.b-c_0:d', 'a', 'a:b:c', ' a:b', 'a b:c', '*:b', '', '-a:b', 'a:b,c:d', 'a:b,'];
  const grammar = new RegExp(String(pattern), 'u');
  return [...long, ...texts.map((text) => ({ value: [text], accepted: grammar.test(text) }))];
}

const idsOf = (length: number) =>
  Array.from({ length }, (_, index) => `019ad1c4-8f10-7c33-b2de-${String(index).padStart(12, '0')}`);
const scopes = (length: number) => Array.from({ length }, (_, index) => `a:${index}`);
const networks = (length: number) => Array.from({ length }, (_, index) => `10.0.0.${index}`);
const pair = (accepted: unknown, refused: unknown): Value[] => [
  { value: accepted, accepted: true },
  { value: refused, accepted: false },
];

describe('what /openapi.json says', () => {
  let service: Service;
  let tenant: Tenant;
  let description: Description;
  const seen = new Set<string>();
  const started: Service[] = [];

  beforeAll(async () => {
    service = await serviceWith({});
    tenant = await createTenant(service);
    description = await Description.of(service);
  });

  afterAll(() => Promise.all(started.map((one) => one.close())));

  const serviceWith = async (settings: Readonly<Record<string, string>>) => {
    const DATABASE_URL = settings['DATABASE_URL'] ?? (await emptyDatabase('sqlite', process.env));
    const running = await startServiceIn(environment({ ...settings, DATABASE_URL }));
    started.push(running);
    return running;
  };

  const named = (operationId: string) => {
    const operation = description.operations.find((one) => one.operationId === operationId);
    if (operation === undefined) throw new Error(`There is no operation ${operationId}.`);
    return operation;
  };

  /** Sends a request; the answer has nothing that the document does not say. */
  async function ask(
    operation: DescribedOperation,
    sent: Sent & { readonly id?: string; readonly query?: string },
    running = service,
  ): Promise<Answer> {
    const { id = NOBODY, query = '', ...rest } = sent;
    const answer = await send(running, operation.method, operation.path.replace('{key_id}', id) + query, rest);
    seen.add(`${operation.name} ${answer.status}`);
    expect([operation.name, answer.status, description.faults(operation, answer), answer.text]).toEqual([
      operation.name,
      answer.status,
      [],
      answer.text,
    ]);
    return answer;
  }

  const target = (of = tenant): Promise<CreatedKey> =>
    created(service, of.key, { name: 'target', scopes: ['orders:read', 'stock:*'] });
  const bodiesOf = ({ requestBody }: DescribedOperation) =>
    requestBody === undefined ? [undefined] : examplesOf(requestBody.content['application/json']);
  const schemaOf = ({ requestBody }: DescribedOperation): Described => {
    const { $ref = '' } = (requestBody?.content['application/json'].schema ?? {}) as { $ref?: string };
    const { schemas } = description.document['components'] as { schemas: Record<string, Described> };
    return schemas[$ref.split('/').at(-1) ?? ''] ?? {};
  };

  it('can be tried out: the first operation accepts its first example', async () => {
    const [first] = description.operations;
    const [body] = bodiesOf(first!);
    expect(await ask(first!, { key: tenant.key, body })).toMatchObject({ status: 201, body });
  });

  it('holds for every example of a request', async () => {
    for (const operation of description.operations) {
      for (const body of bodiesOf(operation)) {
        // An organization for each, since some examples change its policy.
        const own = await createTenant(service);
        const answer = await ask(operation, { key: own.key, id: (await target(own)).id, body });
        expect([operation.name, body, answer.status < 300]).toEqual([operation.name, body, true]);
        const schema = operation.requestBody?.content['application/json'].schema;
        if (schema !== undefined) expect(description.schemaFaults(schema, body)).toEqual([]);
      }
      for (const { name, schema, in: place } of operation.parameters.filter((one) => one.in === 'query')) {
        expect([operation.name, name, place, schema['examples']]).toEqual([
          operation.name,
          name,
          'query',
          [expect.anything()],
        ]);
        const exampleOf = (wanted: string) =>
          operation.parameters.filter((one) => one.name === wanted).map(({ schema: { examples } }) => examples);
        // Of an example with a beginning alone, the end is now: at any time it may be too long, or empty.
        const names = name === 'from' ? ['from', 'to'] : [name];
        const values = names.map((each): [string, string] => [each, String((exampleOf(each)[0] as unknown[])[0])]);
        const query = `?${new URLSearchParams(values).toString()}`;
        const answer = await ask(operation, { key: tenant.key, id: (await target()).id, query });
        expect([operation.name, query, answer.status < 300]).toEqual([operation.name, query, true]);
      }
    }
  });

  it('draws each limit where the service does', async () => {
    const { id } = await target();
    for (const operation of description.operations) {
      const properties = (schemaOf(operation)['properties'] ?? {}) as Record<string, Described>;
      const bulk = { action: 'disable', ids: idsOf(1) };
      const needs: Readonly<Record<string, object>> = { bulk, verify: { key: 'k' }, 'console-links': {} };
      const needed = needs[operation.path.split('/').at(-1) ?? ''] ?? { name: 'limits' };
      for (const [name, schema] of Object.entries(properties)) {
        for (const { value, accepted } of bordering(schema)) {
          const body = {
            ...(operation.method === 'POST' && !operation.path.endsWith('/rotate') ? needed : {}),
            [name]: value,
          };
          // What is accepted changes an organization, and its limits.
          const own = accepted ? await createTenant(service) : tenant;
          const sent = { key: own.key, id: accepted ? (await target(own)).id : id, body };
          const { status, text } = await ask(operation, sent);
          expect([operation.name, name, value, status < 300, text]).toEqual([
            operation.name,
            name,
            value,
            accepted,
            text,
          ]);
        }
      }
      for (const { name, schema } of operation.parameters.filter((one) => one.in === 'query')) {
        for (const { value, accepted } of bordering(schema)) {
          const values = Array.isArray(value) ? value : [value];
          const query = `?${new URLSearchParams(values.map((one): [string, string] => [name, String(one)])).toString()}`;
          const { status, text } = await ask(operation, { key: tenant.key, query });
          expect([operation.name, query, status < 300, text]).toEqual([operation.name, query, accepted, text]);
        }
      }
    }
  });

  it('holds for every refusal', async () => {
    for (const operation of description.operations) {
      const [body] = bodiesOf(operation);
      const own = await createTenant(service);
      const { key } = own;
      const { id } = await target(own);
      const narrow = await created(service, key, { name: 'narrow', scopes: ['a:b'] });
      await ask(operation, { id, body });
      await ask(operation, { key: narrow.plain_text_key, id, body, query: '' });
      await ask(operation, { key, id: 'nonsense', body, query: '?at=now&limit=none' });
      await ask(operation, { key, body });
      await ask({ ...operation, method: 'PUT' }, { key, id });
      if (operation.requestBody === undefined) continue;
      await ask(operation, { key, id, body: { name: 7, key: 7, max_lifetime_days: 0, grace_period_seconds: -1 } });
      await ask(operation, { key, id, body: { name: 'x'.repeat(1_048_576) } });
      await ask(operation, {
        key,
        id,
        body: { ...(body as object), scopes: ['x'], expires_at: '2020-01-01T00:00:00Z' },
      });
    }
    const { key } = tenant;
    const narrow = await created(service, key, { name: 'narrow', scopes: ['a:b'] });
    expect(await ask(named('authorize'), { key: narrow.plain_text_key, query: '?scope=orders:read' })).toMatchObject({
      status: 403,
    });
    expect(await ask(named('createConsoleLink'), { key, body: { scopes: ['x'] } })).toMatchObject({ status: 400 });
    const insecure = await serviceWith({ PUBLIC_URL: 'http://api.example.com' });
    const { key: theirs } = await createTenant(insecure);
    expect(await ask(named('createConsoleLink'), { key: theirs }, insecure)).toMatchObject({ status: 409 });
    const { headers } = await ask(named('createApiKey'), { key, body: { name: 'x', scope: [] } });
    expect(headers.get('x-ignored-fields')).toBe('scope');
    const page = await ask(named('listApiKeys'), { key, query: '?limit=1' });
    expect(page.headers.get('link')).toMatch(/rel="next"$/);
  });

  it('holds for a key that cannot be rotated, and for an organization that has reached a limit', async () => {
    const { id } = await target();
    await send(service, 'PATCH', `${KEYS}/${id}`, { key: tenant.key, body: { is_active: false } });
    expect(await ask(named('rotateApiKey'), { key: tenant.key, id })).toMatchObject({ status: 409 });

    const limited = await serviceWith({ MAX_KEYS_PER_ORGANIZATION: '1', ORGANIZATION_RATE_LIMIT_PER_MINUTE: '1' });
    for (const operation of description.operations) {
      const { key } = await createTenant(limited);
      const [body] = bodiesOf(operation);
      const { status } = await ask(operation, { key, body }, limited);
      if (operation === named('createApiKey')) expect(status).toBe(409);
      const { headers } = await ask(operation, { key, body }, limited);
      expect(headers.get('ratelimit')).toMatch(/^"organization";r=0;t=\d+$/);
    }
  });

  it('holds for a key with limits, and for one that is shown from elsewhere', async () => {
    for (const operation of description.operations) {
      const own = await createTenant(service);
      const { id } = await target(own);
      const [body] = bodiesOf(operation);
      const bounds = { rate_limit: { requests: 1, seconds: 60 }, quota: { requests: 1, period: 'day' } };
      const { plain_text_key: key } = await created(service, own.key, { name: 'limited', ...bounds });
      const networks = { allowed_networks: ['203.0.113.0/24'] };
      const { plain_text_key: elsewhere } = await created(service, own.key, { name: 'elsewhere', ...networks });
      expect((await ask(operation, { key, id, body })).headers.get('ratelimit')).toMatch(
        /^"key";r=0;t=\d+, "quota";r=0/,
      );
      expect((await ask(operation, { key, id, body })).headers.get('ratelimit')).toMatch(/^"key";r=0;t=\d+$/);
      expect(await ask(operation, { key: elsewhere, id, body })).toMatchObject({
        status: 403,
        body: { error: 'address_not_allowed' },
      });
    }
  });

  it('holds for a fault of the service', async () => {
    const broken = await serviceWith({});
    const { key } = await createTenant(broken);
    await broken.identity.dataSource.query('ALTER TABLE api_keys RENAME TO gone');
    for (const operation of description.operations) {
      const [body] = bodiesOf(operation);
      expect(await ask(operation, { key, body }, broken)).toMatchObject({ status: 500 });
    }
  });

  it('holds while the database is gone', async () => {
    const DATABASE_URL = await emptyDatabase('postgres', process.env);
    const abandoned = await serviceWith({ DATABASE_URL });
    const { key } = await createTenant(abandoned);
    const administrator = new pg.Client(process.env['TEST_POSTGRES_URL'] ?? '');
    await administrator.connect();
    await administrator.query(`DROP DATABASE ${new URL(DATABASE_URL).pathname.slice(1)} WITH (FORCE)`);
    await administrator.end();
    for (const operation of description.operations) {
      const [body] = bodiesOf(operation);
      expect(await ask(operation, { key, body }, abandoned)).toMatchObject({ status: 503 });
    }
  });

  it('was seen in an answer, each status of each operation', () => {
    const documented = description.operations.flatMap(({ name, responses }) =>
      Object.keys(responses).map((status) => `${name} ${status}`),
    );
    const unseen = documented.filter((one) => !seen.has(one));
    expect(
      unseen.filter((one) => !UNSEEN.some((known) => (typeof known === 'string' ? known === one : known.test(one)))),
    ).toEqual([]);
  });

  it('shows examples of answers that keep to their schemas', () => {
    for (const operation of description.operations) {
      for (const status of Object.keys(operation.responses).map(Number)) {
        const { content } = description.response(operation, status) ?? {};
        if (content === undefined) continue;
        for (const { schema, ...media } of Object.values(content)) {
          const examples = examplesOf({ schema, ...media });
          expect([operation.name, status, examples.length > 0]).toEqual([operation.name, status, true]);
          for (const example of examples) {
            expect([operation.name, status, description.schemaFaults(schema, example)]).toEqual([
              operation.name,
              status,
              [],
            ]);
          }
        }
      }
    }
  });
});
