import assert from 'node:assert/strict';
import { request } from 'node:http';
import { text } from 'node:stream/consumers';
import { TokenFormat } from '@feather-identity/core';

/** An application that serves `GuardedOrdersModule`, and where its keys are made. */
export interface GuardedHost {
  /** Where the application listens. */
  readonly url: string;
  /** Where the API of the keys listens: the same application, or a service. */
  readonly identityUrl: string;
  /** The unrestricted key of an organization. */
  readonly ownerKey: string;
  /** How long a change of a key may go unnoticed. */
  readonly stalenessMs: number;
  /** The time by which keys end. */
  now(): Date;
  /** Lets so much time pass, or more. */
  pass(milliseconds: number): Promise<void>;
  /** Changes the organization of `ownerKey` where it is stored, without the API; deleted, it is gone with all it has. */
  setOrganization(state: 'enabled' | 'disabled' | 'deleted'): Promise<void>;
  /** Makes it impossible to find out about any key; resolves with what ends that. */
  interrupt(): Promise<() => Promise<void>>;
}

/** What came back: all of it but the date. */
export interface Exchange {
  readonly status: number;
  readonly headers: readonly (readonly [string, string])[];
  readonly text: string;
}

/** A key that was made, as far as tests go on with it. */
export interface MadeKey {
  readonly id: string;
  readonly plain_text_key: string;
  /** When the secret before this one ends; of a rotation. */
  readonly previous_secret_expires_at?: string | null;
}

/** Asks for a path of the application with any number of key headers. */
export async function ask(host: Pick<GuardedHost, 'url'>, path: string, ...keys: string[]): Promise<Exchange> {
  return exchange(`${host.url}${path}`, 'GET', { 'x-api-key': keys });
}

/** The answer of the API to the owner. Fails if it is not a success. */
export async function manage(host: GuardedHost, method: string, path: string, body?: object): Promise<unknown> {
  const headers = { 'x-api-key': host.ownerKey, ...(body ? { 'content-type': 'application/json' } : {}) };
  const answer = await exchange(`${host.identityUrl}/v1/identity${path}`, method, headers, body);
  assert.ok(answer.status < 300, `${method} ${path} was answered ${answer.status}: ${answer.text}`);
  return answer.text === '' ? undefined : JSON.parse(answer.text);
}

/** A key of the owner's organization, with these scopes or with more besides them. */
export async function make(host: GuardedHost, scopes: readonly string[], terms: object = {}): Promise<MadeKey> {
  return (await manage(host, 'POST', '/api-keys', { name: 'CI', scopes, ...terms })) as MadeKey;
}

/** A change of a key by its owner. */
export async function change(host: GuardedHost, id: string, fields: object): Promise<void> {
  await manage(host, 'PATCH', `/api-keys/${id}`, fields);
}

/** The key with a new secret; the one before ends after so many seconds. */
export async function rotate(host: GuardedHost, id: string, grace_period_seconds = 0): Promise<MadeKey> {
  return (await manage(host, 'POST', `/api-keys/${id}/rotate`, { grace_period_seconds })) as MadeKey;
}

/** A token of this service with another secret, and the same public part or an unknown one. */
export function forged(token: string, publicPart = token.split('_')[2]?.slice(0, 8) ?? ''): string {
  const [namespace = '', environment = ''] = token.split('_');
  return new TokenFormat(namespace, environment).compose(publicPart, 's'.repeat(32)).reveal();
}

/** The same key as an installation with another namespace or environment would spell it. */
export function respelled(token: string, namespace: string, environment: string): string {
  const [, , rest = ''] = token.split('_');
  return new TokenFormat(namespace, environment).compose(rest.slice(0, 8), rest.slice(8, 40)).reveal();
}

/** Sends a request as it is. */
export function exchange(
  url: string,
  method: string,
  headers: Record<string, string | string[]>,
  body?: object,
): Promise<Exchange> {
  return new Promise((resolve, reject) => {
    // Not `fetch`, which joins headers of the same name; and on a connection of its own, which no host has closed meanwhile.
    const sent = request(url, { method, headers, agent: false }, (response) => {
      const pairs = response.rawHeaders.flatMap((name, index, raw) =>
        index % 2 === 0 ? [[name.toLowerCase(), raw[index + 1] ?? ''] as const] : [],
      );
      text(response).then((received) => {
        const shown = pairs.filter(([name]) => name !== 'date');
        resolve({ status: response.statusCode ?? 0, headers: shown, text: received });
      }, reject);
    });
    sent.on('error', reject);
    sent.end(body === undefined ? undefined : JSON.stringify(body));
  });
}
