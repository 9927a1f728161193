import { type QuotaUse, QuotaUses } from '@feather-identity/core';
import { batchesById } from './sql/batches.js';
import type { Statement } from './sql/sql.js';
import type { Storage } from './sql/storage.js';

/** Uses of quotas in SQLite or PostgreSQL: a row for each key. */
export class TypeOrmQuotaUses extends QuotaUses {
  constructor(private readonly storage: Storage) {
    super();
  }

  override async find({ apiKeyId, period, startsAt }: Omit<QuotaUse, 'used'>): Promise<number> {
    const { statements } = this.storage;
    const parameters = statements.parameters();
    const text =
      `SELECT used FROM ${statements.tables.apiKeyQuotas} WHERE api_key_id = ${parameters.mark(apiKeyId, 'uuid')} ` +
      `AND period = ${parameters.mark(period, 'text')} AND starts_at = ${parameters.mark(startsAt, 'timestamptz')}`;
    const [row] = await this.storage.read({ text, values: parameters.values });
    return Number(row?.['used'] ?? 0);
  }

  override async add(uses: readonly QuotaUse[]): Promise<readonly (number | null)[]> {
    const totals = new Map<QuotaUse, number | null>();
    for await (const batch of batchesById(this.storage.statements, uses, ({ apiKeyId }) => apiKeyId)) {
      const added = await this.storage.write('countQuotas', () => this.addAll(batch));
      for (const [use, total] of added) totals.set(use, total);
    }
    return uses.map((use) => totals.get(use) ?? null);
  }

  private *addAll(uses: readonly QuotaUse[]) {
    const totals: [QuotaUse, number | null][] = [];
    for (const use of uses) {
      const [row] = (yield this.upsert(use)) as readonly { readonly used?: unknown }[];
      // No row: a later period has begun, or the key is gone.
      totals.push([use, row === undefined ? null : Number(row.used)]);
    }
    return totals;
  }

  private upsert({ apiKeyId, period, startsAt, used }: QuotaUse): Statement {
    const { statements } = this.storage;
    const parameters = statements.parameters();
    const { apiKeyQuotas, apiKeys } = statements.tables;
    const id = parameters.mark(apiKeyId, 'uuid');
    const values = [
      id,
      parameters.mark(period, 'text'),
      parameters.mark(startsAt, 'timestamptz'),
      parameters.mark(used, 'integer'),
    ];
    // One that is being deleted is waited for.
    const lock = statements.dialect === 'postgres' ? ' FOR KEY SHARE' : '';
    const text =
      `INSERT INTO ${apiKeyQuotas} AS stored (api_key_id, period, starts_at, used) ` +
      // A key that was deleted since would leave its uses behind for good.
      `SELECT ${values.join(', ')} WHERE EXISTS (SELECT 1 FROM ${apiKeys} WHERE id = ${id}${lock}) ON CONFLICT (api_key_id) DO UPDATE SET ` +
      'used = excluded.used + CASE WHEN stored.period = excluded.period AND stored.starts_at = excluded.starts_at ' +
      'THEN stored.used ELSE 0 END, period = excluded.period, starts_at = excluded.starts_at ' +
      'WHERE stored.period <> excluded.period OR stored.starts_at <= excluded.starts_at RETURNING used';
    return { text, values: parameters.values };
  }
}
