import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { TokenFormat } from '@feather-identity/core';
import { DATABASES } from '../testing/databases.js';
import { created, KEYS, send, WHOAMI } from '../testing/requests.js';
import { createTenant, type Service, startService, type Tenant } from '../testing/service.js';

const format = new TokenFormat('fth', 'live');
const PAST = "'2020-01-01 00:00:00.000'";
const withWrongSecret = (key: string) => format.compose(key.slice(9, 17), 's'.repeat(32)).reveal();

describe.each(DATABASES)('keys in %s', (type) => {
  let service: Service;
  let tenant: Tenant;

  beforeAll(async () => {
    service = await startService(type, process.env);
    tenant = await createTenant(service);
  });

  afterAll(() => service.close());

  const sql = (statement: string) => service.identity.dataSource.query<Record<string, unknown>[]>(statement);

  /** Keys that worked, and then did not. */
  async function refusedKeys(): Promise<Record<string, string>> {
    const revoked = await created(service, tenant.key);
    const expired = await created(service, tenant.key);
    const disabled = await createTenant(service, 'Disabled');
    for (const key of [revoked.plain_text_key, expired.plain_text_key, disabled.key]) {
      expect((await send(service, 'GET', WHOAMI, { key })).status).toBe(200);
    }
    await send(service, 'DELETE', `${KEYS}/${revoked.id}`, { key: tenant.key });
    await sql(`UPDATE api_keys SET expires_at = ${PAST} WHERE id = '${expired.id}'`);
    await sql(`UPDATE organizations SET disabled_at = ${PAST} WHERE id = '${disabled.organization.id}'`);
    return {
      malformed: 'junk',
      unknown: format.compose('unknown0', 's'.repeat(32)).reveal(),
      'wrong secret': withWrongSecret(tenant.key),
      revoked: revoked.plain_text_key,
      'revoked and wrong secret': withWrongSecret(revoked.plain_text_key),
      expired: expired.plain_text_key,
      'disabled organization': disabled.key,
    };
  }

  it('are refused alike whatever is wrong with them (AU4, AU6)', async () => {
    const missing = await send(service, 'GET', WHOAMI);
    const shown = ({ status, text, headers }: typeof missing) => ({
      status,
      text,
      headers: [...headers].filter(([name]) => name !== 'date' && name !== 'x-request-id'),
    });
    expect(missing.status).toBe(401);
    for (const [what, key] of Object.entries(await refusedKeys())) {
      const answer = await send(service, 'GET', WHOAMI, { key });
      expect({ what, ...shown(answer) }).toEqual({ what, ...shown(missing) });
    }
  });

  it("are the caller's, whatever else the body that makes them says (AU7)", async () => {
    const other = await createTenant(service, 'Other');
    const { id } = await created(service, tenant.key, {
      name: 'CI',
      id: other.apiKey.id,
      organization_id: other.organization.id,
      user_id: other.apiKey.memberId,
      member_id: other.apiKey.memberId,
      is_active: false,
      key_hash: 'known',
      bcrypt_hash: 'known',
      hash: 'known',
    });
    const [row] = await sql(`SELECT organization_id, member_id, revoked_at FROM api_keys WHERE id = '${id}'`);
    const { organizationId: organization_id, memberId: member_id } = tenant.apiKey;
    expect(row).toEqual({ organization_id, member_id, revoked_at: null });
    const [secret] = await sql(`SELECT hash FROM api_key_secrets WHERE api_key_id = '${id}'`);
    expect(secret?.['hash']).toMatch(/^\$2b\$/);
  });
});
