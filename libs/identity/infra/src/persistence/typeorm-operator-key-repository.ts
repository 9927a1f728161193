import {
  IdentityError,
  type NewOperatorKey,
  type OperatorEvent,
  type OperatorEventQuery,
  type OperatorKey,
  OperatorKeyRepository,
  type OperatorKeyUse,
  type StoredOperatorKey,
} from '@feather-identity/core';
import { assertPepperIsRemembered, pepperIsRemembered } from './api-keys/remembered-pepper.js';
import { isUniqueViolation } from './sql/errors.js';
import { type SqlParameters, statementOf } from './sql/sql.js';
import type { Storage } from './sql/storage.js';
import { OperatorEventRow, toOperatorEvent, toOperatorEventRow } from './tables/operator-events.js';
import { OperatorKeyRow, toOperatorKey, toOperatorKeyRow } from './tables/operator-keys.js';

/** The operator's keys in SQLite or PostgreSQL. */
export class TypeOrmOperatorKeyRepository extends OperatorKeyRepository {
  constructor(private readonly storage: Storage) {
    super();
  }

  override insert(created: NewOperatorKey): Promise<void> {
    const { statements } = this.storage;
    return this.storage.write('changeOperatorKeys', function* () {
      yield* assertPepperIsRemembered(statements, created.proof);
      try {
        yield statements.insert(OperatorKeyRow, toOperatorKeyRow(created));
      } catch (error) {
        if (!isUniqueViolation(error)) throw error;
        throw new IdentityError('api_key.conflict', 'The operator key exists already.');
      }
      yield statements.insert(OperatorEventRow, toOperatorEventRow(created.event));
    });
  }

  override async list(): Promise<OperatorKey[]> {
    const { statements } = this.storage;
    const select = statements.select(OperatorKeyRow, 'key').orderBy('key.id', 'DESC');
    const rows = statements.rowsOf(OperatorKeyRow, 'key', await this.storage.read(statementOf(select)));
    return rows.map((row) => toOperatorKey(row).operatorKey);
  }

  override async exists(): Promise<boolean> {
    const text = `SELECT 1 AS found FROM ${this.storage.statements.tables.operatorKeys} LIMIT 1`;
    return (await this.storage.lookUp({ text, values: [] })).length > 0;
  }

  override async find(keyPrefix: string): Promise<StoredOperatorKey | null> {
    const { statements } = this.storage;
    const select = statements.select(OperatorKeyRow, 'key').where({ keyPrefix });
    const [row] = statements.rowsOf(OperatorKeyRow, 'key', await this.storage.lookUp(statementOf(select)));
    return row === undefined ? null : toOperatorKey(row);
  }

  override revoke(id: string, event: OperatorEvent): Promise<boolean> {
    const { statements } = this.storage;
    const parameters = statements.parameters();
    const text =
      `UPDATE ${statements.tables.operatorKeys} SET revoked_at = ${parameters.mark(event.occurredAt, 'timestamptz')} ` +
      `WHERE id = ${parameters.mark(id, 'uuid')} AND revoked_at IS NULL RETURNING id`;
    return this.storage.write('changeOperatorKeys', function* () {
      const revoked = yield { text, values: parameters.values };
      if (revoked.length === 0) return false;
      yield statements.insert(OperatorEventRow, toOperatorEventRow(event));
      return true;
    });
  }

  override recordUse(id: string, { at, renewedProof }: OperatorKeyUse): Promise<void> {
    const { statements } = this.storage;
    const parameters = statements.parameters();
    const instant = parameters.mark(at, 'timestamptz');
    const proof = renewedProof === undefined ? '' : `, proof = ${this.renewal(parameters, renewedProof)}`;
    const text =
      `UPDATE ${statements.tables.operatorKeys} SET last_used_at = ` +
      `CASE WHEN last_used_at > ${instant} THEN last_used_at ELSE ${instant} END${proof} ` +
      `WHERE id = ${parameters.mark(id, 'uuid')}`;
    return this.storage.write('changeOperatorKeys', function* () {
      yield { text, values: parameters.values };
    });
  }

  private renewal(parameters: SqlParameters, proof: string): string {
    const remembered = pepperIsRemembered(this.storage.statements, parameters, [proof]);
    return `CASE WHEN ${remembered} THEN ${parameters.mark(proof, 'text')} ELSE proof END`;
  }

  override async listEvents({ limit, after }: OperatorEventQuery): Promise<OperatorEvent[]> {
    const { statements } = this.storage;
    const select = statements.select(OperatorEventRow, 'event').orderBy('event.id', 'DESC').limit(limit);
    if (after !== undefined) select.where('event.id < :after', { after });
    const rows = await this.storage.read(statementOf(select));
    return statements.rowsOf(OperatorEventRow, 'event', rows).map(toOperatorEvent);
  }
}
