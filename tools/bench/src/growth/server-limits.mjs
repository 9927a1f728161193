import pg from 'pg';

const WRITERS = 8;

/** How many statements of each kind a PostgreSQL takes a second, with so many sessions that listen. */
export async function serverLimits(url, listeners, seconds) {
  const sessions = await connect(url, listeners + WRITERS);
  const [writers, others] = [sessions.slice(0, WRITERS), sessions.slice(WRITERS)];
  try {
    await writers[0].query(SCHEMA);
    await Promise.all(others.map((listener) => listener.query('LISTEN growth')));
    const rates = {};
    for (const [name, text] of Object.entries(STATEMENTS)) rates[name] = await rateOf(writers, { name, text }, seconds);
    return rates;
  } finally {
    await Promise.all(sessions.map((session) => session.end()));
  }
}

const SCHEMA = `
  DROP TABLE IF EXISTS growth_keys, growth_leases;
  CREATE TABLE growth_keys (id integer PRIMARY KEY, revoked_at timestamptz);
  CREATE UNLOGGED TABLE growth_leases (id integer PRIMARY KEY, renewals bigint NOT NULL);
  INSERT INTO growth_keys SELECT number FROM generate_series(1, 10000) number;
  INSERT INTO growth_leases SELECT number, 0 FROM generate_series(1, 100) number`;

/** `$1` is another number each time, for each writer from a part of its own. */
const STATEMENTS = {
  commits: 'UPDATE growth_keys SET revoked_at = now() WHERE id = $1 % 10000 + 1',
  announcements:
    "WITH changed AS (UPDATE growth_keys SET revoked_at = now() WHERE id = $1 % 10000 + 1) SELECT pg_notify('growth', $1::text)",
  renewals: 'UPDATE growth_leases SET renewals = renewals + 1 WHERE id = $1 % 100 + 1',
  reads: 'SELECT revoked_at FROM growth_keys WHERE id = $1 % 10000 + 1',
};

async function rateOf(writers, statement, seconds) {
  const until = performance.now() + seconds * 1000;
  let done = 0;
  const loop = async (writer, offset) => {
    for (let number = offset; performance.now() < until; number += WRITERS) {
      await writer.query({ ...statement, values: [number] });
      done += 1;
    }
  };
  await Promise.all(writers.map(loop));
  return done / seconds;
}

function connect(connectionString, count) {
  return Promise.all(
    Array.from({ length: count }, async () => {
      const client = new pg.Client({ connectionString });
      await client.connect();
      return client;
    }),
  );
}
