// The same session through a client of swagger-typescript-api, which throws what was refused.
import { Api, type ApiKeyCreateResponse, type ApiKeyResponse, type ApiKeyRotateResponse } from './client.js';
import type { ErrorResponse, HTTPValidationError, HttpResponse, WhoAmIResponse } from './client.js';

const { URL: baseUrl = '', KEY: key = '' } = process.env;
const securityWorker = (apiKey: string | null) => ({ headers: { 'x-api-key': apiKey ?? '' } });
const clientWith = (apiKey: string) => {
  const api = new Api<string>({ baseUrl, securityWorker });
  api.setSecurityData(apiKey);
  return api.v1;
};
const client = clientWith(key);

const created = await client.createApiKey({ name: 'deploy' });
const newKey: ApiKeyCreateResponse = created.data;
const stranger = clientWith(newKey.plain_text_key);

const whoAmI = await stranger.whoAmI();
const caller: WhoAmIResponse = whoAmI.data;

const list = await client.listApiKeys();
const listed: ApiKeyResponse[] = list.data;

const rotated = await client.rotateApiKey(newKey.id, {});
const rotatedKey: ApiKeyRotateResponse = rotated.data;

const revoked = await client.revokeApiKey(newKey.id);

const refused = await failed<ErrorResponse>(stranger.whoAmI());
const invalid = await failed<HTTPValidationError>(client.createApiKey({ name: '' }));

// @ts-expect-error A key needs a name.
const nameless = await failed<HTTPValidationError>(client.createApiKey({}));

// @ts-expect-error A list never holds a plain text.
const leaked: unknown = listed.map((one) => one.plain_text_key).find((text) => text !== undefined);

process.stdout.write(
  JSON.stringify({
    statuses: [created, whoAmI, list, rotated, revoked, refused, invalid, nameless].map(({ status }) => status),
    caller: caller.organization_name,
    lists: listed.some(({ id }) => id === newKey.id),
    leaked: leaked !== undefined,
    renewed: rotatedKey.plain_text_key !== newKey.plain_text_key,
    refusal: refused.error.error,
    faults: invalid.error.detail?.map(({ type, loc, msg, ctx }) => [type, loc, msg, ctx?.['min_length']]),
  }),
);

async function failed<Refusal>(call: Promise<unknown>): Promise<HttpResponse<unknown, Refusal>> {
  const answer = await call.then(
    () => undefined,
    (refusal: unknown) => refusal,
  );
  if (!(answer instanceof Response)) throw answer ?? new Error('no error');
  return answer as HttpResponse<unknown, Refusal>;
}
