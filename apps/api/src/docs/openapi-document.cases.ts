import { readFile } from 'node:fs/promises';
import { IDENTITY_SCOPES } from '@feather-identity/core';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { lacking } from '../../testing/lacking.js';
import { send } from '../../testing/requests.js';
import { type Service, startService } from '../../testing/service.js';

type Json = Readonly<Record<string, unknown>>;

interface Operation {
  readonly description: string;
  readonly parameters?: readonly {
    readonly name: string;
    readonly required?: boolean;
    readonly description: string;
    readonly schema: Json;
  }[];
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
  'get /v1/identity/audit-events/export': ['audit:read'],
  'get /v1/identity/usage': ['usage:read'],
  'get /v1/identity/org/members': ['members:read'],
  'post /v1/operator/organizations': ['organizations:manage'],
  'get /v1/operator/organizations': ['organizations:read'],
  'get /v1/operator/organizations/{organization_id}': ['organizations:read'],
  'patch /v1/operator/organizations/{organization_id}': ['organizations:manage'],
  'delete /v1/operator/organizations/{organization_id}': ['organizations:manage'],
  'post /v1/operator/organizations/{organization_id}/members': ['members:manage'],
  'get /v1/operator/organizations/{organization_id}/members': ['members:read'],
  'get /v1/operator/organizations/{organization_id}/members/{member_id}': ['members:read'],
  'patch /v1/operator/organizations/{organization_id}/members/{member_id}': ['members:manage'],
  'delete /v1/operator/organizations/{organization_id}/members/{member_id}': ['members:manage'],
  'get /v1/operator/organizations/{organization_id}/api-keys': ['api_keys:read'],
  'delete /v1/operator/organizations/{organization_id}/api-keys/{key_id}': ['api_keys:manage'],
  'get /v1/operator/api-keys': ['api_keys:read'],
  'post /v1/operator/api-keys/find': ['api_keys:read'],
  'post /v1/operator/api-keys/verify': ['api_keys:verify'],
  'get /v1/operator/audit-events': ['audit:read'],
  'get /v1/operator/usage': ['usage:read'],
  'get /v1/identity/scopes': ['api_keys:read'],
  'post /v1/identity/api-keys/bulk': ['api_keys:manage'],
  'post /v1/identity/console-links': ['api_keys:manage'],
};

/** Copies of the published contracts (the first one is YAML there). */
const CONTRACTS = [
  'create-api-key.openapi.json',
  'identity.upstream-1.90.openapi.json',
  'members.upstream-1.90.openapi.json',
];

const contract = async (name: string) =>
  JSON.parse(await readFile(new URL(`../../test-data/${name}`, import.meta.url), 'utf8')) as Json;

/** The operations of a document by method and path. */
function operationsOf({ paths }: Json): Map<string, Operation> {
  const items = Object.entries(paths as Record<string, Record<string, Operation>>);
  return new Map(items.flatMap(([path, item]) => Object.entries(item).map(([verb, one]) => [`${verb} ${path}`, one])));
}

/** How the text of an operation ends. */
const requiredScopes = (scopes: readonly string[]) =>
  scopes.length === 0
    ? 'Required scopes: none.'
    : `Required scopes: ${scopes.map((scope) => `\`${scope}\``).join(', ')}.`;

/** A schema without what only people read. */
function bare(schema: unknown): Json {
  const said = JSON.stringify(schema, (name, value: unknown) =>
    ['description', 'examples'].includes(name) ? undefined : value,
  );
  return JSON.parse(said) as Json;
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

  it('is OpenAPI 3.1, of this service in its version, and names the contract', async () => {
    const manifest = await readFile(new URL('../../package.json', import.meta.url), 'utf8');
    const { version } = JSON.parse(manifest) as { version: string };
    const { info: theirs } = await contract(CONTRACTS[1]!);
    const { title, version: upstream } = theirs as Record<string, string>;
    expect(document).toMatchObject({ openapi: '3.1.0', info: { title: 'Feather Identity', version } });
    expect((document['info'] as Json)['description']).toContain(`${String(title)} ${String(upstream)}`);
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

  it('demands of keys of organizations only scopes that every catalogue has', () => {
    const operations = [...operationsOf(document)].filter(([name]) => name.includes('/v1/identity/'));
    const demanded = new Set(operations.flatMap(([, operation]) => operation['x-required-scopes']));
    expect([...demanded].sort()).toEqual(IDENTITY_SCOPES.map(({ name }) => name).sort());
  });

  it('describes every operation and every tag, and every parameter and property with an example', () => {
    const { components, tags } = document as { components: { schemas: Record<string, Json> }; tags: Json[] };
    const schemas = Object.entries(components.schemas).flatMap(([name, schema]) => [
      [name, schema['description']],
      ...Object.entries(schema['properties'] as Record<string, Json>).map(([property, one]) => [
        `${name}.${property}`,
        // The items and objects of other schemas have their examples there.
        one['description'] && (one['examples'] ?? one['allOf'] ?? (one['items'] as Json)['$ref']),
      ]),
    ]);
    const operations = [...operationsOf(document)].flatMap(([name, { description, parameters = [], ...operation }]) => [
      [name, description.includes(requiredScopes(operation['x-required-scopes']))],
      ...parameters.map((one) => [`${name} ${one.name}`, one.description && one.schema['examples']]),
    ]);
    expect([...schemas, ...operations].filter(([, said]) => !said)).toEqual([]);
    expect(tags.map(({ name, description }) => [name, description])).toEqual(
      ['identity', 'verification', 'policy', 'audit', 'usage', 'operator'].map((name) => [
        name,
        expect.stringMatching(/\.$/),
      ]),
    );
  });

  it('asks of a client nothing but what the contract asks, and what the contract answers with 400', async () => {
    const schemas = (described: Json) => (described['components'] as { schemas: Record<string, Json> }).schemas;
    const ours = bare(schemas(document)['ApiKeyCreateRequest']);
    const theirs = bare(schemas(await contract('create-api-key.openapi.json'))['ApiKeyCreateRequest']);
    const known = Object.keys(theirs['properties'] as Json);
    // What the contract does not know may be left out: `required` is the same.
    const { scopes, ...properties } = Object.fromEntries(
      Object.entries(ours['properties'] as Json).filter(([name]) => known.includes(name)),
    );
    expect({
      ...ours,
      properties: { ...properties, scopes: expect.anything() },
    }).toEqual({
      ...theirs,
      properties: { ...(theirs['properties'] as Json), scopes: expect.anything() },
    });
    expect(scopes).toMatchObject({ type: 'array', title: 'Scopes', maxItems: 100 });
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
        if (response !== null && typeof response === 'object' && '$ref' in response) continue;
        const content = { 'application/json': { schema: { $ref: `#/components/schemas/${schema}` } } };
        expect(response).toMatchObject({ content });
      }
    }
  });

  it('shows no key, not even in an example (KH10)', () => {
    expect(text).toContain('"plain_text_key":"fth_live_4fQ9bT2x..."');
    expect(text).not.toMatch(/[a-z0-9]+_(?:live|test)_\w{9}/);
    for (const [, value] of text.matchAll(/"default":([^,}]*)/g)) expect(value).toMatch(/^(?:false|\d+|"[a-z]+")$/);
  });
});
