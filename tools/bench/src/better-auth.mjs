import { apiKey } from '@better-auth/api-key';
import { betterAuth } from 'better-auth';
import { getMigrations } from 'better-auth/db/migration';
import Sqlite from 'better-sqlite3';
import pg from 'pg';

/**
 * better-auth with its API-key plugin and rate limiting off, its tables migrated and one user in them. `journal` is
 * SQLite's: `wal` with synchronous=NORMAL, or `delete` as a file has it without any setting.
 */
export async function openBetterAuth({ database, location, journal = 'wal' }) {
  const connection = database === 'postgres' ? openPool(location) : openFile(location, journal);
  const auth = betterAuth({
    database: connection,
    baseURL: 'http://127.0.0.1',
    secret: 'a secret of the bench that guards nothing at all',
    telemetry: { enabled: false },
    logger: { disabled: true },
    plugins: [apiKey({ rateLimit: { enabled: false } })],
  });
  await (await getMigrations(auth.options)).runMigrations();
  const { internalAdapter } = await auth.$context;
  const email = 'bench@example.org';
  const found = await internalAdapter.findUserByEmail(email);
  const user = found?.user ?? (await internalAdapter.createUser({ email, name: 'Bench', emailVerified: true }));
  return {
    createKey: async () => (await auth.api.createApiKey({ body: { userId: user.id, name: 'CI' } })).key,
    verifyKey: async (key) => (await auth.api.verifyApiKey({ body: { key } })).valid,
    close: async () => (database === 'postgres' ? connection.end() : connection.close()),
  };
}

function openPool(connectionString) {
  return new pg.Pool({ connectionString, max: 10 });
}

function openFile(path, journal) {
  const connection = new Sqlite(path);
  connection.pragma(`journal_mode = ${journal}`);
  if (journal === 'wal') connection.pragma('synchronous = NORMAL');
  return connection;
}
