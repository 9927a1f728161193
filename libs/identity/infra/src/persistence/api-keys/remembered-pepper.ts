import { PROOF_SCHEME } from '../../crypto/hmac-proof.js';
import { storageUnavailable } from '../sql/errors.js';
import type { SqlParameters, StatementBuilder, Write } from '../sql/sql.js';
import { KEY_SETTINGS_ID } from '../tables/key-settings.js';

/**
 * SQL that is false where the database remembers peppers, and that of a proof is not among them; `true` for a data source
 * that does not ask (`onlyRememberedPeppers`), and for secrets without a proof.
 */
export function pepperIsRemembered(
  { onlyRememberedPeppers, tables }: StatementBuilder,
  parameters: SqlParameters,
  proofs: readonly (string | null)[],
): string {
  const ids = onlyRememberedPeppers ? [...new Set(proofs.flatMap((proof) => pepperOf(proof) ?? []))] : [];
  if (ids.length === 0) return 'true';
  const lacks = ids.map((id) => {
    const mark = parameters.mark(`,${id},`, 'text');
    return `replace(',' || pepper_ids || ',', ${mark}, '') = ',' || pepper_ids || ','`;
  });
  return `NOT EXISTS (SELECT 1 FROM ${tables.keySettings} WHERE id = ${KEY_SETTINGS_ID} AND (${lacks.join(' OR ')}))`;
}

/** Throws `storage.unavailable`, with the reason for the log, where `pepperIsRemembered` is false. In an open transaction. */
export function* assertPepperIsRemembered(statements: StatementBuilder, proof: string | null): Write<void> {
  const parameters = statements.parameters();
  const condition = pepperIsRemembered(statements, parameters, [proof]);
  if (condition === 'true') return;
  const rows = yield { text: `SELECT 1 AS remembered WHERE ${condition}`, values: parameters.values };
  if (rows.length > 0) return;
  const cause = new Error(
    `This process makes keys under the pepper ${pepperOf(proof) ?? ''}, which the database does not list any more: ` +
      'other processes could not check them. Restart it with the peppers of the others (docs/operating/peppers.md).',
  );
  throw storageUnavailable({ cause });
}

function pepperOf(proof: string | null): string | undefined {
  const [scheme, id] = proof?.split(':') ?? [];
  return scheme === PROOF_SCHEME ? id : undefined;
}
