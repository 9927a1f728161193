// Makes keys with the real better-auth and its API-key plugin, and prints its tables and rows as SQL, for the fixtures of
// apps/api-e2e/src/import. The keys themselves stand in a comment. The bench has better-auth, the tests do not:
//   npm --prefix tools/bench ci && node tools/bench/src/better-auth-rows.mjs sqlite
//   node tools/bench/src/better-auth-rows.mjs postgres postgres://USER:PASSWORD@HOST:PORT/EMPTY_DATABASE
import { apiKey } from '@better-auth/api-key';
import { betterAuth } from 'better-auth';
import { getMigrations } from 'better-auth/db/migration';
import Sqlite from 'better-sqlite3';
import pg from 'pg';

const YEARS = 50 * 365;
const SECONDS_A_DAY = 86_400;

const [dialect, url] = process.argv.slice(2);
const isSqlite = dialect === 'sqlite';
const database = isSqlite ? new Sqlite(':memory:') : new pg.Pool({ connectionString: url });
const rowsOf = async (sql) => (isSqlite ? database.prepare(sql).all() : (await database.query(sql)).rows);
const run = async (sql) => (isSqlite ? database.exec(sql) : database.query(sql));

const auth = betterAuth({
  database,
  baseURL: 'http://127.0.0.1',
  secret: 'a secret of the fixtures that guards nothing at all',
  telemetry: { enabled: false },
  logger: { disabled: true },
  plugins: [apiKey({ keyExpiration: { maxExpiresIn: YEARS } })],
});
const migrations = await getMigrations(auth.options);
const schema = await migrations.compileMigrations();
await migrations.runMigrations();
const { internalAdapter } = await auth.$context;
const user = await internalAdapter.createUser({ email: 'jo@example.org', name: 'Jo', emailVerified: true });

const expiresIn = YEARS * SECONDS_A_DAY;
const keys = {
  scoped: await made({ name: 'Deploy', permissions: { files: ['read', 'write'], users: ['read'] } }),
  expiring: await made({ name: "Jo's", prefix: 'proj_', permissions: { files: ['read'] }, expiresIn }),
  unnamed: await made({}),
  disabled: await made({ name: 'Disabled' }),
  expired: await made({ name: 'Expired' }),
  limited: await made({ name: 'Limited', remaining: 10 }),
};
await run(`UPDATE apikey SET enabled = ${isSqlite ? '0' : 'false'} WHERE name = 'Disabled'`);
await run(`UPDATE apikey SET "expiresAt" = "createdAt" WHERE name = 'Expired'`);

process.stdout.write(`-- keys: ${JSON.stringify(keys)}\n${schema}\n`);
for (const table of ['user', 'apikey']) {
  for (const row of await rowsOf(`SELECT * FROM "${table}"`)) process.stdout.write(`${insertOf(table, row)};\n`);
}
await (isSqlite ? database.close() : database.end());

async function made(body) {
  const { key } = await auth.api.createApiKey({ body: { userId: user.id, ...body } });
  if (!(await auth.api.verifyApiKey({ body: { key } })).valid) throw new Error('better-auth refuses its own key.');
  return key;
}

function insertOf(table, row) {
  const columns = Object.keys(row).map((name) => `"${name}"`);
  return `INSERT INTO "${table}" (${columns.join(', ')}) VALUES (${Object.values(row).map(literal).join(', ')})`;
}

function literal(value) {
  if (value === null || typeof value === 'number' || typeof value === 'boolean') return String(value);
  const text = value instanceof Date ? value.toISOString() : value;
  return `'${text.replaceAll("'", "''")}'`;
}
