import type { DataSource } from 'typeorm';
import { PROOF_SCHEME } from '../../crypto/hmac-proof.js';
import { statementOf } from '../sql/sql.js';
import { Storage } from '../sql/storage.js';
import { ApiKeySecretRow } from '../tables/api-key-secrets.js';
import { KEY_SETTINGS_ID, KeySettingsRow } from '../tables/key-settings.js';

/** The settings that all processes that issue keys in one database must share. Nothing of it is secret. */
export interface KeySettings {
  /** The first part of every token. */
  readonly keyNamespace: string;
  /** The second part of every token. */
  readonly keyEnvironment: string;
  /** The ids of the peppers (`PepperRing.ids`), the newest first. */
  readonly pepperIds: readonly string[];
}

/**
 * Reads the settings that were remembered by `rememberKeySettings`.
 *
 * @returns null if there are none yet
 */
export async function readKeySettings(dataSource: DataSource): Promise<KeySettings | null> {
  const storage = new Storage(dataSource);
  const { statements } = storage;
  const rows = await storage.read(statementOf(statements.select(KeySettingsRow, 'settings')));
  const [row] = statements.rowsOf(KeySettingsRow, 'settings', rows);
  if (row === undefined) return null;
  const { keyNamespace, keyEnvironment, pepperIds } = row;
  return { keyNamespace, keyEnvironment, pepperIds: listOf(pepperIds) };
}

/**
 * Remembers settings in place of those that were read before.
 *
 * @param before - what `readKeySettings` returned
 * @returns false if another process has changed them since: read them again
 */
export function rememberKeySettings(
  dataSource: DataSource,
  settings: KeySettings,
  before: KeySettings | null,
): Promise<boolean> {
  const storage = new Storage(dataSource);
  const parameters = storage.statements.parameters();
  const text = (value: string) => parameters.mark(value, 'text');
  const values = [settings.keyNamespace, settings.keyEnvironment, settings.pepperIds.join(',')].map(text);
  const { keySettings } = storage.statements.tables;
  const statement =
    before === null
      ? `INSERT INTO ${keySettings} (id, key_namespace, key_environment, pepper_ids) ` +
        `VALUES (${KEY_SETTINGS_ID}, ${values.join(', ')}) ON CONFLICT (id) DO NOTHING RETURNING id`
      : `UPDATE ${keySettings} SET key_namespace = ${values[0]}, key_environment = ${values[1]}, ` +
        `pepper_ids = ${values[2]} WHERE key_namespace = ${text(before.keyNamespace)} AND ` +
        `key_environment = ${text(before.keyEnvironment)} AND pepper_ids = ${text(before.pepperIds.join(','))} ` +
        'RETURNING id';
  return storage.write(function* () {
    return (yield { text: statement, values: parameters.values }).length === 1;
  });
}

/**
 * The settings with which the newest secret of our own was made, for a database in which none are remembered yet.
 *
 * @returns null if there is no such secret
 */
export async function readNewestKeySettings(dataSource: DataSource): Promise<KeySettings | null> {
  const storage = new Storage(dataSource);
  const newest = storage.statements
    .select(ApiKeySecretRow, 'secret')
    .where('secret.lookup IS NULL')
    .orderBy('secret.id', 'DESC')
    .limit(1);
  const rows = await storage.read(statementOf(newest));
  const [row] = storage.statements.rowsOf(ApiKeySecretRow, 'secret', rows);
  if (row === undefined) return null;
  const [keyNamespace = '', keyEnvironment = ''] = row.keyPrefix.split('_');
  const [scheme, pepperId] = row.proof?.split(':') ?? [];
  return {
    keyNamespace,
    keyEnvironment,
    pepperIds: scheme === PROOF_SCHEME && pepperId !== undefined ? [pepperId] : [],
  };
}

function listOf(text: string): string[] {
  return text === '' ? [] : text.split(',');
}
