import type { Database } from '../support/database.js';
import type { CreatedKey, Service } from '../support/service.js';

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;
const ORDERS = ['orders:read', 'orders:write'];

/** Keys of every state, one of each, with thirty days of use. */
export async function seedKeys(service: Service, database: Database): Promise<void> {
  const key = service.firstKey;
  const create = async (name: string, more: object = {}): Promise<CreatedKey> => {
    const answer = await service.create(key, { name, ...more });
    if (answer.status !== 201) throw new Error(`No key was created: ${answer.text}`);
    return answer.body as CreatedKey;
  };
  const send = (method: string, path: string, body?: unknown) =>
    service.send(`/v1/identity/api-keys/${path}`, { method, headers: { 'x-api-key': key }, body });
  const inDays = (days: number): string => new Date(Date.now() + days * DAY_MS).toISOString();

  const shop = await create('Web shop, production', {
    description: 'Orders of the shop. Ask Ada before you change it.',
    labels: ['team:shop', 'production'],
    scopes: ORDERS,
    expires_at: inDays(60),
    rate_limit: { requests: 600, seconds: 60 },
  });
  await create('Mobile app, staging', { labels: ['team:mobile', 'staging'], scopes: ['orders:read'] });
  await create('Nightly export', { labels: ['team:data'], scopes: ['reports:read', ...ORDERS], expires_at: inDays(4) });
  await create('Data warehouse', { scopes: ['reports:read'], allowed_networks: ['10.0.0.0/8', '192.0.2.7/32'] });
  const importer = await create('Importer of the old system', { scopes: ORDERS });
  await send('PATCH', importer.id, { is_active: false });
  const ended = await create('Trade fair 2026', { scopes: ['orders:read'], expires_at: inDays(1) });
  const partner = await create('Partner: Globex', { labels: ['partner'], scopes: ['orders:read', 'partners:read'] });
  await send('POST', `${partner.id}/rotate`, { grace_period_seconds: 604_800 });
  await service.whoami(partner.plain_text_key);
  const pipeline = await create('CI pipeline');
  await service.newKey(pipeline.plain_text_key, 'Preview environment 1138');
  const leaked = await create('Leaked in a ticket', { scopes: ORDERS });
  await send('DELETE', leaked.id);
  await send('PATCH', shop.id, { description: 'Orders of the shop. Ask Ada or Grace before you change it.' });
  await service.whoami(shop.plain_text_key);

  await database.query(`UPDATE api_keys SET expires_at = '${text(Date.now() - 2 * DAY_MS)}' WHERE id = '${ended.id}'`);
  await database.query(usageOf('days', DAY_MS, 30, [shop, partner, pipeline]));
  await database.query(usageOf('hours', HOUR_MS, 48, [shop, partner]));
}

/** A statement that writes use: more by day than at night, with a gap and a few refusals. */
function usageOf(unit: 'days' | 'hours', length: number, number: number, keys: readonly CreatedKey[]): string {
  // The current one is the service's own.
  const now = Math.floor(Date.now() / length) * length - length;
  const rows = keys.flatMap(({ id }, which) =>
    Array.from({ length: number }, (_, ago) => {
      const accepted = ago % 11 === 7 ? 0 : Math.round(900 * (1.2 + Math.sin(ago / 3 + which)) + 37 * which);
      return `('${id}', '${text(now - ago * length)}', ${accepted}, ${ago % 5}, ${ago === 3 ? 240 : 0})`;
    }),
  );
  return `INSERT INTO api_key_usage_${unit} (api_key_id, starts_at, organization_id, accepted, refused_state, refused_address,
      refused_limit, refused_scope)
    SELECT column1, column2, (SELECT organization_id FROM api_keys LIMIT 1), column3, 0, 0, column5, column4
    FROM (VALUES ${rows.join(', ')})`;
}

/** An instant as SQLite has it. */
function text(at: number): string {
  return new Date(at).toISOString().slice(0, 23).replace('T', ' ');
}
