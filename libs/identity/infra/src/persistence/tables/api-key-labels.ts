import type { ApiKey } from '@feather-identity/core';
import { EntitySchema } from 'typeorm';
import type { TableOptions } from './columns.js';

/** A row of `api_key_labels`: what keys are found by. The key itself has its labels in their order. */
export class ApiKeyLabelRow {
  apiKeyId!: string;
  label!: string;
  organizationId!: string;
}

/** How `ApiKeyLabelRow` is stored. */
export function apiKeyLabelSchema({ types, placedIn }: TableOptions): EntitySchema<ApiKeyLabelRow> {
  return new EntitySchema<ApiKeyLabelRow>({
    name: 'ApiKeyLabelRow',
    target: ApiKeyLabelRow,
    ...placedIn('api_key_labels'),
    columns: {
      apiKeyId: { type: types.id, name: 'api_key_id', primary: true },
      label: { type: 'text', name: 'label', primary: true },
      organizationId: { type: types.id, name: 'organization_id' },
    },
  });
}

/** The rows of a key. */
export function toApiKeyLabelRows({ id: apiKeyId, organizationId, labels }: ApiKey): ApiKeyLabelRow[] {
  return labels.map((label) => ({ apiKeyId, label, organizationId }));
}
