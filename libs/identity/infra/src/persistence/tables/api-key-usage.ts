import { EntitySchema } from 'typeorm';
import type { TableOptions } from './columns.js';

/** What both tables of usage have: what became of the requests with a key in one hour, or day. */
class ApiKeyUsageRow {
  apiKeyId!: string;
  startsAt!: Date;
  organizationId!: string;
  accepted!: number;
  refusedState!: number;
  refusedAddress!: number;
  refusedLimit!: number;
  refusedScope!: number;
}

/** A row of `api_key_usage_hours`. */
export class ApiKeyUsageHourRow extends ApiKeyUsageRow {}

/** A row of `api_key_usage_days`. */
export class ApiKeyUsageDayRow extends ApiKeyUsageRow {}

/** How `ApiKeyUsageHourRow` and `ApiKeyUsageDayRow` are stored. */
export function apiKeyUsageSchemas({ types, placedIn }: TableOptions): EntitySchema<ApiKeyUsageRow>[] {
  const tables = [
    ['ApiKeyUsageHourRow', ApiKeyUsageHourRow, 'api_key_usage_hours'],
    ['ApiKeyUsageDayRow', ApiKeyUsageDayRow, 'api_key_usage_days'],
  ] as const;
  return tables.map(
    ([name, target, table]) =>
      new EntitySchema<ApiKeyUsageRow>({
        name,
        target,
        ...placedIn(table),
        columns: {
          apiKeyId: { type: types.id, name: 'api_key_id', primary: true },
          startsAt: { type: types.instant, name: 'starts_at', primary: true },
          organizationId: { type: types.id, name: 'organization_id' },
          accepted: { type: 'bigint', name: 'accepted' },
          refusedState: { type: 'bigint', name: 'refused_state' },
          refusedAddress: { type: 'bigint', name: 'refused_address' },
          refusedLimit: { type: 'bigint', name: 'refused_limit' },
          refusedScope: { type: 'bigint', name: 'refused_scope' },
        },
      }),
  );
}
