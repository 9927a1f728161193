// A session through the types of openapi-typescript and openapi-fetch. The compiler is half of the test: it must know the
// type of every answer. Run with URL and KEY; prints what was answered as JSON.
import createClient from 'openapi-fetch';
import type { components, paths } from './client.js';

type Schemas = components['schemas'];

const { URL: baseUrl = '', KEY: key = '' } = process.env;
const clientWith = (apiKey: string) => createClient<paths>({ baseUrl, headers: { 'x-api-key': apiKey } });
const client = clientWith(key);

const created = await client.POST('/v1/identity/api-keys', { body: { name: 'deploy' } });
const newKey: Schemas['ApiKeyCreateResponse'] = succeeded(created.data);
const stranger = clientWith(newKey.plain_text_key);

const whoAmI = await stranger.GET('/v1/identity/whoami');
const caller: Schemas['WhoAmIResponse'] = succeeded(whoAmI.data);

const list = await client.GET('/v1/identity/api-keys');
const listed: Schemas['ApiKeyResponse'][] = succeeded(list.data);

const path = { key_id: newKey.id };
const rotated = await client.POST('/v1/identity/api-keys/{key_id}/rotate', { params: { path }, body: {} });
const rotatedKey: Schemas['ApiKeyRotateResponse'] = succeeded(rotated.data);

const revoked = await client.DELETE('/v1/identity/api-keys/{key_id}', { params: { path } });

const refused = await stranger.GET('/v1/identity/whoami');
const refusal: Schemas['ErrorResponse'] = failed(refused.error);

const invalid = await client.POST('/v1/identity/api-keys', { body: { name: '' } });
const fault: Schemas['ErrorResponse'] | Schemas['HTTPValidationError'] = failed(invalid.error);
if (!('detail' in fault) || fault.detail === undefined) throw new Error('no HTTPValidationError');
const details: Schemas['ValidationError'][] = fault.detail;

// @ts-expect-error A key needs a name.
const nameless = await client.POST('/v1/identity/api-keys', { body: {} });

// @ts-expect-error A list never holds a plain text.
const leaked: unknown = listed.map((one) => one.plain_text_key).find((text) => text !== undefined);

process.stdout.write(
  JSON.stringify({
    statuses: [created, whoAmI, list, rotated, revoked, refused, invalid, nameless].map(
      ({ response }) => response.status,
    ),
    caller: caller.organization_name,
    lists: listed.some(({ id }) => id === newKey.id),
    leaked: leaked !== undefined,
    renewed: rotatedKey.plain_text_key !== newKey.plain_text_key,
    refusal: refusal.error,
    faults: details.map(({ type, loc, msg, ctx }) => [type, loc, msg, ctx?.['min_length']]),
  }),
);

function succeeded<T>(data: T | undefined): T {
  if (data === undefined) throw new Error('no success');
  return data;
}

function failed<T>(error: T | undefined): T {
  if (error === undefined) throw new Error('no error');
  return error;
}
