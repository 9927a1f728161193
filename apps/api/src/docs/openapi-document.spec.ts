import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { lacking } from '../../testing/lacking.js';
import { send } from '../../testing/requests.js';
import { type Service, startService } from '../../testing/service.js';

type Json = Readonly<Record<string, unknown>>;

/** Copies of the published contracts (the first one is YAML there). */
const CONTRACTS = ['create-api-key.openapi.json', 'identity.upstream-1.90.openapi.json'];

const contract = async (name: string) =>
  JSON.parse(await readFile(new URL(`../../test-data/${name}`, import.meta.url), 'utf8')) as Json;

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

  it('describes the operations of the contract and no others', async () => {
    const { paths } = await contract('identity.upstream-1.90.openapi.json');
    const operations = (described: unknown) =>
      Object.entries(described as Record<string, Json>).map(([path, methods]) => [path, Object.keys(methods).sort()]);
    expect(operations(document['paths']).sort()).toEqual(operations(paths).sort());
  });

  it('asks of a client nothing but what the contract asks', async () => {
    const schemas = (described: Json) => (described['components'] as { schemas: Record<string, Json> }).schemas;
    const ours = schemas(document)['ApiKeyCreateRequest'];
    expect(ours).toEqual(schemas(await contract('create-api-key.openapi.json'))['ApiKeyCreateRequest']);
  });

  it('promises one answer for each refusal, in the shape of ErrorResponse', () => {
    const paths = document['paths'] as Record<string, Record<string, { responses: Json }>>;
    for (const operation of Object.values(paths).flatMap(Object.values)) {
      for (const [status, response] of Object.entries((operation as { responses: Json }).responses)) {
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
    expect([...text.matchAll(/"default":([^,}]*)/g)].map(([, value]) => value)).toEqual(['false']);
  });
});
