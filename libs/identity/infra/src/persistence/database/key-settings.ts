import type { DataSource } from 'typeorm';
import { PROOF_SCHEME } from '../../crypto/hmac-proof.js';
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
  const [row] = await new Storage(dataSource).rows(KeySettingsRow);
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
  return storage.write('rememberSettings', function* () {
    return (yield { text: statement, values: parameters.values }).length === 1;
  });
}

/**
 * The settings with which keys were made, for a database in which none are remembered yet: `own` as far as any secret was
 * made with them, and otherwise those of the newest secret. A single key that was made by mistake with others says nothing.
 *
 * @returns null if there is no secret of our own
 */
export async function readUsedKeySettings(dataSource: DataSource, own: KeySettings): Promise<KeySettings | null> {
  const storage = new Storage(dataSource);
  const find = async (condition: string, parameters: Readonly<Record<string, string>>) => {
    const [secret] = await storage.rows(ApiKeySecretRow, (all) => {
      const ours = all.where('found.lookup IS NULL').limit(1);
      return condition === '' ? ours.orderBy('found.id', 'DESC') : ours.andWhere(condition, parameters);
    });
    return secret;
  };
  const newest = await find('', {});
  if (newest === undefined) return null;
  const start = `${own.keyNamespace}_${own.keyEnvironment}_`;
  const alike = await find(`substr(found.keyPrefix, 1, ${start.length}) = :start`, { start });
  const [keyNamespace = '', keyEnvironment = ''] = (alike ?? newest).keyPrefix.split('_');
  for (const id of own.pepperIds) {
    const head = `${PROOF_SCHEME}:${id}:`;
    const proven = await find(`substr(found.proof, 1, ${head.length}) = :head`, { head });
    if (proven !== undefined) return { keyNamespace, keyEnvironment, pepperIds: [id] };
  }
  const [scheme, pepperId] = newest.proof?.split(':') ?? [];
  const pepperIds = scheme === PROOF_SCHEME && pepperId !== undefined ? [pepperId] : [];
  return { keyNamespace, keyEnvironment, pepperIds };
}

function listOf(text: string): string[] {
  return text === '' ? [] : text.split(',');
}
