import type { Quota } from '@feather-identity/core';
import { EntitySchema } from 'typeorm';
import type { TableOptions } from './columns.js';

/** A row of `api_key_quotas`: how many requests a key made in its latest day or month. */
export class ApiKeyQuotaRow {
  apiKeyId!: string;
  period!: Quota['period'];
  startsAt!: Date;
  used!: number;
}

/** How `ApiKeyQuotaRow` is stored. */
export function apiKeyQuotaSchema({ types, placedIn }: TableOptions): EntitySchema<ApiKeyQuotaRow> {
  return new EntitySchema<ApiKeyQuotaRow>({
    name: 'ApiKeyQuotaRow',
    target: ApiKeyQuotaRow,
    ...placedIn('api_key_quotas'),
    columns: {
      apiKeyId: { type: types.id, name: 'api_key_id', primary: true },
      period: { type: 'text', name: 'period' },
      startsAt: { type: types.instant, name: 'starts_at' },
      used: { type: 'integer', name: 'used' },
    },
  });
}
