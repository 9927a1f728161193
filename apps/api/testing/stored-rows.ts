import type { Service } from './service.js';

const TABLES = ['organizations', 'members', 'api_keys', 'api_key_secrets', 'audit_events'];

const UNUSED = { last_used_at: null, last_used_address: null, last_used_user_agent: null };

/** All rows that requests change, by table. When and from where keys were used is left out: it is written some time after a request. */
export async function storedRows({ identity }: Pick<Service, 'identity'>): Promise<Record<string, object[]>> {
  const tables = TABLES.map(async (table) => {
    const rows = await identity.dataSource.query<object[]>(`SELECT * FROM ${table} ORDER BY id`);
    return [table, rows.map((row) => ({ ...row, ...UNUSED }))] as const;
  });
  return Object.fromEntries(await Promise.all(tables));
}
