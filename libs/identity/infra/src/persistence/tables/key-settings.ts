import { EntitySchema } from 'typeorm';
import type { TableOptions } from './columns.js';

/** The one row of `key_settings`: with which settings the service issues the keys of this database. */
export class KeySettingsRow {
  id!: number;
  keyNamespace!: string;
  keyEnvironment!: string;
  /** Ids of peppers, separated by commas, the newest first. */
  pepperIds!: string;
}

/** The only value of `KeySettingsRow.id`. */
export const KEY_SETTINGS_ID = 1;

/** How `KeySettingsRow` is stored. */
export function keySettingsSchema({ placedIn }: TableOptions): EntitySchema<KeySettingsRow> {
  return new EntitySchema<KeySettingsRow>({
    name: 'KeySettingsRow',
    target: KeySettingsRow,
    ...placedIn('key_settings'),
    columns: {
      id: { type: 'integer', name: 'id', primary: true },
      keyNamespace: { type: 'text', name: 'key_namespace' },
      keyEnvironment: { type: 'text', name: 'key_environment' },
      pepperIds: { type: 'text', name: 'pepper_ids' },
    },
  });
}
