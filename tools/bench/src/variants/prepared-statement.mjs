import { UnauthorizedException } from '@nestjs/common';
import Sqlite from 'better-sqlite3';
import pg from 'pg';
import { prefixOf, tokenAt } from '../keys.mjs';
import { proofOf } from '../ours.mjs';
import { startMinimalApp } from './minimal-app.mjs';

/** The read of our library, joins and all, without what turns it into entities. */
const READ = `SELECT s.id AS secret_id, s.proof, s.hash, s.valid_until,
    k.id, k.name, k.key_prefix, k.scopes, k.unrestricted, k.created_at, k.expires_at, k.revoked_at,
    o.id AS organization_id, o.name AS organization_name, o.disabled_at,
    m.id AS member_id, m.external_id, m.email, m.display_name, m.role
  FROM api_key_secrets s
  JOIN api_keys k ON k.id = s.api_key_id
  JOIN organizations o ON o.id = k.organization_id
  JOIN members m ON m.id = k.member_id AND m.organization_id = k.organization_id
  WHERE s.key_prefix = `;

/**
 * One prepared statement of the bare driver in an `onRequest` hook, on our tables. The proof of a key is computed once
 * and then remembered, so a request costs the read and a Map.
 */
export async function start({ database, location }) {
  const reader = database === 'postgres' ? postgresReader(location) : sqliteReader(location);
  const proofs = new Map();
  const authenticate = async (request) => {
    const header = request.headers['x-api-key'];
    const row = typeof header === 'string' ? await reader.read(prefixOf(header)) : undefined;
    if (row === undefined || row.proof !== (proofs.get(header) ?? proofOf(header))) throw new UnauthorizedException();
    if (row.revoked_at !== null || row.disabled_at !== null) throw new UnauthorizedException();
    proofs.set(header, row.proof);
    request.user = row;
  };
  const prepare = (app) => app.getHttpAdapter().getInstance().addHook('onRequest', authenticate);
  const app = await startMinimalApp({ prepare });
  return { port: app.port, key: tokenAt(0), close: () => app.close().then(reader.close) };
}

function sqliteReader(path) {
  const connection = new Sqlite(path);
  const statement = connection.prepare(`${READ}?`);
  return { read: (prefix) => statement.get(prefix), close: () => connection.close() };
}

function postgresReader(connectionString) {
  const pool = new pg.Pool({ connectionString, max: 10 });
  const read = async (prefix) => {
    const { rows } = await pool.query({ name: 'credential', text: `${READ}$1`, values: [prefix] });
    return rows[0];
  };
  return { read, close: () => pool.end() };
}
