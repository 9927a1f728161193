import { ROTATED_TO } from '../tables/audit-events.js';
import type { Dialect } from '../tables/columns.js';
import { IndexMigration } from './index-migration.js';

/**
 * Finds the keys of secrets that rotations have removed, by the public part in the event of each rotation: also of those
 * that versions before this one have made or removed.
 */
export class ExpandIdentityRemovedSecretsIndex1764611000000 extends IndexMigration {
  readonly name: string = 'ExpandIdentityRemovedSecretsIndex1764611000000';

  protected readonly indexes = [
    { table: 'auditEvents', what: 'rotated_to', columns: inParentheses(ROTATED_TO), where: "type = 'api_key.rotated'" },
  ] as const;
}

function inParentheses(expressions: Readonly<Record<Dialect, string>>): Readonly<Record<Dialect, string>> {
  return { postgres: `(${expressions.postgres})`, 'better-sqlite3': `(${expressions['better-sqlite3']})` };
}
