import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { callersOf, HELD, type Role, ROLES } from '../testing/callers.js';
import { createTenant, type Host, startHost, type Tenant } from '../testing/host.js';
import { created } from '../testing/keys.js';
import { E401, KEYS, send } from '../testing/requests.js';

/** Each operation, the scope that it needs, and what it answers to whoever has it. `{}` stands for a fresh key's id. */
const OPERATIONS = [
  ['GET', '/v1/identity/whoami', null, 200],
  ['GET', '/v1/identity/authorize', null, 200],
  ['GET', KEYS, 'api_keys:read', 200],
  ['GET', `${KEYS}/{}`, 'api_keys:read', 200],
  ['POST', KEYS, 'api_keys:manage', 201, { name: 'CI' }],
  ['PATCH', `${KEYS}/{}`, 'api_keys:manage', 200, { name: 'renamed' }],
  ['POST', `${KEYS}/{}/rotate`, 'api_keys:manage', 200],
  ['DELETE', `${KEYS}/{}`, 'api_keys:manage', 204],
  ['POST', `${KEYS}/verify`, 'api_keys:verify', 200, { key: 'junk' }],
  ['GET', '/v1/identity/audit-events', 'audit:read', 200],
  ['GET', '/v1/identity/audit-events/export', 'audit:read', 200],
  ['GET', '/v1/identity/usage', 'usage:read', 200],
  ['GET', '/v1/identity/policy', 'api_keys:read', 200],
  ['PATCH', '/v1/identity/policy', 'policies:manage', 200, {}],
] as const;

const holds = (role: Role, scope: string) => {
  const held: readonly string[] = HELD[role] ?? [];
  return ['*', scope, `${scope.split(':')[0] ?? ''}:*`].some((name) => held.includes(name));
};

describe('what a caller may ask for', () => {
  let host: Host;
  let tenant: Tenant;
  let keys: Record<Role, string>;

  beforeAll(async () => {
    host = await startHost();
    tenant = await createTenant(host);
    keys = await callersOf(host, tenant);
  });

  afterAll(() => host.app.close());

  describe.each(OPERATIONS)('%s %s', (method, path, scope, status, body?: object) => {
    it.each(ROLES)('answers the %s as their key allows', async (role) => {
      // Holds nothing, so that whoever may manage keys may rotate it.
      const target = await created(host, keys.manager, { name: 'target' });
      const { size } = host.identity.store.apiKeys;
      const before = host.identity.store.apiKeys.get(target.id);
      const answer = await send(host, method, path.replace('{}', target.id), { key: keys[role], body });
      if (HELD[role] !== null && (scope === null || holds(role, scope))) {
        expect(answer.status).toBe(status);
        return;
      }
      const message = `The API key lacks the scope "${scope ?? ''}".`;
      const refused = HELD[role] === null ? [401, E401] : [403, { error: 'permission_denied', message }];
      expect([answer.status, answer.body]).toEqual(refused);
      expect(host.identity.store.apiKeys.get(target.id)).toEqual(before);
      expect(host.identity.store.apiKeys.size).toBe(size);
    });
  });
});
