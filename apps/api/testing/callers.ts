import { type CreatedKey, created, KEYS, send } from './requests.js';
import { createTenant, type Service, type Tenant } from './service.js';

/** Makes a key of the tenant that is in some state; undefined for no key at all. */
export type MakeKey = (service: Service, tenant: Tenant) => Promise<string | undefined>;

const PAST = "'2020-01-01 00:00:00.000'";

const sql = (service: Service, statement: string) => service.identity.dataSource.query(statement);

/** A key that could do everything, until `spoil` is done with it. */
function spoilt(spoil: (service: Service, key: CreatedKey, owner: string) => Promise<unknown>): MakeKey {
  return async (service, { key: owner }) => {
    const key = await created(service, owner);
    await spoil(service, key, owner);
    return key.plain_text_key;
  };
}

/** Those whom every operation refuses with 401. */
export const STRANGERS: Readonly<Record<string, MakeKey>> = {
  'no key': () => Promise.resolve(undefined),
  junk: () => Promise.resolve('junk'),
  'a revoked key': spoilt((service, { id }, owner) => send(service, 'DELETE', `${KEYS}/${id}`, { key: owner })),
  'an expired key': spoilt((service, { id }) =>
    sql(service, `UPDATE api_keys SET expires_at = ${PAST} WHERE id = '${id}'`),
  ),
  'a disabled key': spoilt((service, { id }, key) =>
    send(service, 'PATCH', `${KEYS}/${id}`, { key, body: { is_active: false } }),
  ),
  'a secret that was rotated away': spoilt((service, { id }, key) =>
    send(service, 'POST', `${KEYS}/${id}/rotate`, { key }),
  ),
  'a key of a disabled organization': async (service) => {
    const { organization, key } = await createTenant(service, 'Disabled');
    await sql(service, `UPDATE organizations SET disabled_at = ${PAST} WHERE id = '${organization.id}'`);
    return key;
  },
};

/** The scopes of callers, given those that an operation demands; null for an unrestricted key. */
export const GRANTS: Readonly<Record<string, (demanded: readonly string[]) => readonly string[] | null>> = {
  'a key with scopes of another kind': () => ['orders:read', 'orders:*'],
  'a key with look-alikes of the scopes': (demanded) => ['a:b', ...demanded.flatMap(lookAlikes)],
  'a key with exactly the scopes': (demanded) => ['a:b', ...demanded],
  'a key with the wildcards of the resources': (demanded) => ['a:b', ...demanded.map(wildcardOf)],
  'a key with everything': () => ['*'],
  'an unrestricted key': () => null,
};

/** Scopes that are one slip away from this one (AZ5). */
function lookAlikes(scope: string): string[] {
  const [resource = '', action = ''] = scope.split(':');
  return [`${scope}_all`, scope.toUpperCase(), `x${scope}`, `${resource}_x:*`, `${action}:${resource}`, `${action}:*`];
}

function wildcardOf(scope: string): string {
  return `${scope.split(':')[0] ?? ''}:*`;
}

/** Whether scopes as they are stored in a key hold a scope (AZ5). */
export function holds(granted: readonly string[] | null, scope: string): boolean {
  return granted === null || ['*', wildcardOf(scope), scope].some((one) => granted.includes(one));
}
