import type { Settings } from '../support/child.js';
import type { DatabaseType } from '../support/database.js';
import type { Answer, Sent } from '../support/http.js';
import { Installation } from '../support/installation.js';
import type { CreatedKey } from '../support/service.js';
import { Sample } from './sample.js';

/** Whatever serves the API of keys. */
interface KeyServer {
  send(path: string, sent?: Sent): Promise<Answer>;
}

/** The sample application, where its keys are made, and the key of its first customer. */
export interface Shop {
  readonly sample: Sample;
  readonly keyServer: KeyServer;
  readonly owner: string;
}

/** How the sample can have its keys. */
export const MODES = [
  ['with keys in its own database', embeddedShop],
  ['asking a running service', remoteShop],
] as const;

/** The sample with its keys in its own database. */
export async function embeddedShop(type: DatabaseType): Promise<Shop & { readonly installation: Installation }> {
  const installation = await Installation.create(type);
  const sample = await Sample.start(installation);
  return { installation, sample, keyServer: sample, owner: sample.firstKey };
}

/** The sample, and a service with a database of its own that has the keys. */
export async function remoteShop(type: DatabaseType) {
  const installation = await Installation.create(type);
  const service = await installation.start();
  const owner = service.firstKey;
  const { plain_text_key: apiKey } = await newKey({ keyServer: service, owner }, ['api_keys:verify']);
  const settings: Settings = { IDENTITY_URL: service.url, IDENTITY_API_KEY: apiKey };
  const sample = await Sample.start(await Installation.create(type), settings);
  return { installation, sample, service, keyServer: service, owner };
}

/** A new key of the first customer, with these scopes. */
export async function newKey(shop: Pick<Shop, 'keyServer' | 'owner'>, scopes: readonly string[]): Promise<CreatedKey> {
  const headers = { 'x-api-key': shop.owner };
  const body = { name: 'CI', scopes };
  const answer = await shop.keyServer.send('/v1/identity/api-keys', { method: 'POST', headers, body });
  if (answer.status !== 201) throw new Error(`No key was created: ${answer.text}`);
  return answer.body as CreatedKey;
}

/** Revokes a key of the first customer. Resolves when that is answered with success. */
export async function revoke({ keyServer, owner }: Pick<Shop, 'keyServer' | 'owner'>, id: string): Promise<void> {
  const headers = { 'x-api-key': owner };
  const answer = await keyServer.send(`/v1/identity/api-keys/${id}`, { method: 'DELETE', headers });
  if (answer.status !== 204) throw new Error(`The key was not revoked: ${answer.text}`);
}
