import { OPEN_WHOAMI, THINGS, WHOAMI } from '../variants/paths.mjs';

const NONE = { kind: 'none' };
const SAME = { kind: 'same' };

/** Requests to warm up with and to measure; better-auth would need minutes for as many as the others. */
const MANY = { warmUp: 20_000, requests: 40_000 };
const FEW = { warmUp: 2000, requests: 4000 };

const guarded = (name, server, more = {}) => ({
  ...{ name, server, path: THINGS, traffic: SAME, reference: 'no guard', passes: 200, ...MANY, ...more },
});
const open = (name, server, path, more) => ({
  ...{ name, server, path, traffic: NONE, reference: null, passes: 200, isOpen: true, ...MANY, ...more },
});

/** What guards the route of the minimal app; shares are of `no guard`. */
function minimalVariants(keys) {
  const perDatabase = (database) => [
    ...keys.map((count) => guarded(`ours, ${database}, ${count} keys`, 'library', { database, keys: count })),
    guarded(`prepared statement, ${database}`, 'prepared-statement', { database, keys: keys[1] }),
    guarded(`TypeORM findOneBy, ${database}`, 'find-one-by', { database, empty: 'find_one_by' }),
    guarded(`better-auth, ${database}`, 'better-auth', { database, empty: 'better_auth', ...FEW }),
  ];
  return [
    open('no guard', 'nothing', THINGS, {}),
    open('idle guard', 'nothing', THINGS, { reference: 'no guard', idle: true }),
    guarded('passport, Map', 'passport'),
    guarded('SHA-256 and Map hook', 'sha256-map'),
    ...perDatabase('sqlite'),
    ...perDatabase('postgres'),
    ...keys.map((count) =>
      guarded(`ours, postgres with leases, ${count} keys`, 'library', {
        database: 'postgres',
        keys: count,
        leases: true,
      }),
    ),
  ];
}

/** Traffic that the service gets at `whoami`; shares are of the same answer without authentication. */
function serviceVariants(count, databases) {
  const kinds = [
    ['warm key', SAME, 200],
    ['cold key (bcrypt row)', { kind: 'cold', stride: 2, offset: 0 }, 200],
    ['cold key (hmac row)', { kind: 'cold', stride: 2, offset: 1 }, 200],
    ['unknown key', { kind: 'unknown' }, 401],
    ['wrong checksum', { kind: 'checksum' }, 401],
    ['forged secret', { kind: 'forged' }, 401],
  ];
  return databases.flatMap((database) => {
    const shared = { database, keys: count };
    const reference = `service, ${database}: no authentication`;
    return [
      open(reference, 'service', OPEN_WHOAMI, shared),
      ...kinds.map(([kind, traffic, passes]) =>
        guarded(`service, ${database}: ${kind}`, 'service', { ...shared, path: WHOAMI, traffic, passes, reference }),
      ),
    ];
  });
}

/** All variants, scaled and narrowed down to what was asked for together with what it is compared to. */
export function verifyVariants({ keys, scale, loaded, only }) {
  const all = [...minimalVariants(keys), ...serviceVariants(keys[2], loaded)].map((variant) => ({
    ...variant,
    warmUp: Math.ceil(variant.warmUp * scale),
    requests: Math.ceil(variant.requests * scale),
  }));
  if (only === undefined) return all;
  const chosen = all.filter(({ name }) => only.some((text) => name.includes(text)));
  const references = new Set(chosen.map(({ reference }) => reference));
  return all.filter((variant) => chosen.includes(variant) || references.has(variant.name));
}

/** What the issue asks to be compared: `cost` over `base` in CPU time a request, and the bound it sets. */
export function comparisons(keys) {
  const [small, middle, large] = keys;
  const ours = (database, count) => `ours, ${database}, ${count} keys`;
  const compare = (title, cost, base, bound) => ({ title, cost, base, bound });
  return [
    compare('share of no guard, SQLite', 'no guard', ours('sqlite', large), 'at least 0.80, aiming at 0.90'),
    compare(
      'share of no guard, PostgreSQL with leases',
      'no guard',
      ours('postgres with leases', large),
      'at least 0.90',
    ),
    compare('pg read over ours, strict', 'prepared statement, postgres', ours('postgres', middle), 'at least 0.90'),
    compare('better-auth over ours, SQLite', 'better-auth, sqlite', ours('sqlite', large), 'at least 25'),
    compare('better-auth over ours, PostgreSQL', 'better-auth, postgres', ours('postgres', large), 'at least 12'),
    compare('passport over ours, SQLite', 'passport, Map', ours('sqlite', large), 'at least 1 less the spread'),
    compare('growth of SQLite', ours('sqlite', large), ours('sqlite', middle), '1 within the spread'),
    compare('growth of PostgreSQL', ours('postgres', large), ours('postgres', middle), '1 within the spread'),
    compare('1 key to many, SQLite', ours('sqlite', middle), ours('sqlite', small), '1 within the spread'),
  ];
}
