import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { lacking } from '../../testing/lacking.js';
import { send } from '../../testing/requests.js';
import { type Service, startService } from '../../testing/service.js';

type Json = Readonly<Record<string, unknown>>;

interface Operation {
  readonly parameters?: readonly { readonly name: string; readonly required?: boolean }[];
  readonly responses: Json;
  readonly 'x-required-scopes': readonly string[];
}

/** What a key must hold to use the operations of the contract. */
const OF_THE_CONTRACT = {
  'get /v1/identity/whoami': [],
  'get /v1/identity/api-keys': ['api_keys:read'],
  'post /v1/identity/api-keys': ['api_keys:manage'],
  'delete /v1/identity/api-keys/{key_id}': ['api_keys:manage'],
};

/** The same for those that this service has besides; a client that knows the contract alone never meets them. */
const ADDITIONS = {
  'get /v1/identity/api-keys/{key_id}': ['api_keys:read'],
  'patch /v1/identity/api-keys/{key_id}': ['api_keys:manage'],
  'post /v1/identity/api-keys/{key_id}/rotate': ['api_keys:manage'],
  'post /v1/identity/api-keys/verify': ['api_keys:verify'],
  'get /v1/identity/authorize': [],
  'get /v1/identity/policy': ['api_keys:read'],
  'patch /v1/identity/policy': ['policies:manage'],
  'get /v1/identity/audit-events': ['audit:read'],
};

/** Copies of the published contracts (the first one is YAML there). */
const CONTRACTS = ['create-api-key.openapi.json', 'identity.upstream-1.90.openapi.json'];

const contract = async (name: string) =>
  JSON.parse(await readFile(new URL(`../../test-data/${name}`, import.meta.url), 'utf8')) as Json;

/** The operations of a document by method and path. */
function operationsOf({ paths }: Json): Map<string, Operation> {
  const items = Object.entries(paths as Record<string, Record<string, Operation>>);
  return new Map(items.flatMap(([path, item]) => Object.entries(item).map(([verb, one]) => [`${verb} ${path}`, one])));
}

describe('/openapi.json', () => {
  let service: Service;
  let document: Json;
  let text: string;

  beforeAll(async () => {
    service = await startService('sqlite', process.env);
    const answer = await send(service, 'GET', '/openapi.json');
    document = answer.body as Json;
    text = answer.text;
  });

  afterAll(() => service.close());

  it('is OpenAPI 3.1', () => {
    expect(document['openapi']).toBe('3.1.0');
  });

  it.each(CONTRACTS)('says everything that %s says about its operations and schemas', async (name) => {
    const { paths, components } = await contract(name);
    expect(lacking({ paths, components }, document)).toEqual([]);
  });

  it('describes the operations of the contract and the listed additions, and no others', async () => {
    const theirs = operationsOf(await contract('identity.upstream-1.90.openapi.json'));
    expect([...operationsOf(document).keys()].sort()).toEqual([...theirs.keys(), ...Object.keys(ADDITIONS)].sort());
  });

  it('says which scopes each operation demands', () => {
    const demanded = [...operationsOf(document)].map(([name, operation]) => [name, operation['x-required-scopes']]);
    expect(Object.fromEntries(demanded)).toEqual({ ...OF_THE_CONTRACT, ...ADDITIONS });
  });

  it('asks of a client nothing but what the contract asks', async () => {
    const schemas = (described: Json) => (described['components'] as { schemas: Record<string, Json> }).schemas;
    const ours = schemas(document)['ApiKeyCreateRequest'];
    expect(ours).toEqual(schemas(await contract('create-api-key.openapi.json'))['ApiKeyCreateRequest']);
    for (const [name, { parameters: theirs = [] }] of operationsOf(await contract(CONTRACTS[1]!))) {
      const required = operationsOf(document)
        .get(name)
        ?.parameters?.filter((parameter) => parameter.required);
      const known = theirs.map((parameter) => parameter.name);
      expect([name, required?.filter((parameter) => !known.includes(parameter.name))]).toEqual([name, []]);
    }
  });

  it('promises one answer for each refusal, in the shape of ErrorResponse', () => {
    for (const { responses } of operationsOf(document).values()) {
      for (const [status, response] of Object.entries(responses)) {
        if (Number(status) < 400) continue;
        const schema = status === '422' ? 'HTTPValidationError' : 'ErrorResponse';
        const content = { 'application/json': { schema: { $ref: `#/components/schemas/${schema}` } } };
        expect(response).toMatchObject({ content });
      }
    }
  });

  it('shows no key, not even an example (KH10)', () => {
    expect(text).not.toMatch(/[a-z0-9]+_(?:live|test)_/);
    expect(text).not.toMatch(/"examples?":/);
    for (const [, value] of text.matchAll(/"default":([^,}]*)/g)) expect(value).toMatch(/^(?:false|\d+)$/);
  });
});
