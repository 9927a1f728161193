import type { Host, Tenant } from './host.js';
import { type CreatedKey, created, keyWith } from './keys.js';
import { KEYS, send } from './requests.js';

/** What each kind of caller holds; null for what is not accepted at all. */
export const HELD = {
  owner: ['*'],
  manager: ['api_keys:manage'],
  reader: ['api_keys:read'],
  verifier: ['api_keys:verify'],
  auditor: ['audit:read'],
  'usage reader': ['usage:read'],
  'policy manager': ['policies:manage'],
  'holder of other scopes': ['orders:read', 'api_key:manage', 'api_keys:manage_all'],
  'holder of a resource': ['api_keys:*'],
  'holder of everything': ['*'],
  'nobody at all': null,
  'holder of an expired key': null,
  'holder of a disabled key': null,
  'holder of a revoked key': null,
} as const satisfies Record<string, readonly string[] | null>;

/** A kind of caller. */
export type Role = keyof typeof HELD;
export const ROLES = Object.keys(HELD) as Role[];

/** A key for each kind of caller, all of one organization. The clock goes on by a millisecond. */
export async function callersOf(host: Host, tenant: Tenant): Promise<Record<Role, string>> {
  const expires_at = new Date(host.identity.clock.now().getTime() + 1).toISOString();
  const expired = await created(host, tenant.key, { name: 'expired', expires_at });
  const disabled = await created(host, tenant.key, { name: 'disabled' });
  const revoked = await created(host, tenant.key, { name: 'revoked' });
  await disable(host, tenant, disabled);
  await send(host, 'DELETE', `${KEYS}/${revoked.id}`, { key: tenant.key });
  host.identity.clock.advance(1);
  const holder = (role: Role) => keyWith(host, tenant.key, ...(HELD[role] ?? []));
  return {
    owner: tenant.key,
    manager: await holder('manager'),
    reader: await holder('reader'),
    verifier: await holder('verifier'),
    auditor: await holder('auditor'),
    'usage reader': await holder('usage reader'),
    'policy manager': await holder('policy manager'),
    'holder of other scopes': await holder('holder of other scopes'),
    'holder of a resource': await holder('holder of a resource'),
    'holder of everything': await holder('holder of everything'),
    'nobody at all': '',
    'holder of an expired key': expired.plain_text_key,
    'holder of a disabled key': disabled.plain_text_key,
    'holder of a revoked key': revoked.plain_text_key,
  };
}

/** Disables a key by its owner's. */
export async function disable(host: Host, { key }: Tenant, { id }: Pick<CreatedKey, 'id'>): Promise<void> {
  const { status, text } = await send(host, 'PATCH', `${KEYS}/${id}`, { key, body: { is_active: false } });
  if (status !== 200) throw new Error(`The key was not disabled: ${text}`);
}
