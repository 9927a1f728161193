import type { Host } from './host.js';
import { type Answer, KEYS, send } from './requests.js';

/** The 201 body as far as tests go on with it. */
export interface CreatedKey {
  readonly id: string;
  readonly key_prefix: string;
  readonly scopes: readonly string[];
  readonly plain_text_key: string;
}

/** The body of a rotation as far as tests go on with it. */
export interface RotatedKey extends CreatedKey {
  readonly previous_secret_expires_at: string | null;
}

/** Asks for a key with this body. */
export function create(host: Pick<Host, 'port'>, key: string, body: unknown = { name: 'CI' }): Promise<Answer> {
  return send(host, 'POST', KEYS, { key, body });
}

/** The key that was made with this body. */
export async function created(host: Pick<Host, 'port'>, key: string, body?: unknown): Promise<CreatedKey> {
  const answer = await create(host, key, body);
  if (answer.status !== 201) throw new Error(`The key was not created: ${answer.text}`);
  return answer.body as CreatedKey;
}

/** The plain text of a new key that holds exactly these scopes. */
export async function keyWith(host: Pick<Host, 'port'>, owner: string, ...scopes: string[]): Promise<string> {
  return (await created(host, owner, { name: scopes.join(' '), scopes })).plain_text_key;
}

/** The key with this id after its rotation. */
export async function rotated(host: Pick<Host, 'port'>, key: string, id: string, body?: unknown): Promise<RotatedKey> {
  const answer = await send(host, 'POST', `${KEYS}/${id}/rotate`, { key, body });
  if (answer.status !== 200) throw new Error(`The key was not rotated: ${answer.text}`);
  return answer.body as RotatedKey;
}

/** The characters of a token that nobody but its holder may see. */
export function secretPart(token: string): string {
  return token.slice(-38, -6);
}
