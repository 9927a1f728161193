import { cpus } from 'node:os';

const FAST = { warmUp: 500, count: 3000 };
const SLOW = { warmUp: 4, count: 100 };
const THREADS = Math.max(1, cpus().length - 1);

const ours = (database, hasher, atATime) => ({
  name: `ours, ${database}, ${hasher}, ${atATime} at a time`,
  ...{ maker: 'ours', database, hasher, atATime, ...(hasher === 'bcrypt' ? SLOW : FAST) },
});
const betterAuth = (database, journal, label, atATime) => ({
  name: `better-auth, ${database}${label}, ${atATime} at a time`,
  ...{ maker: 'better-auth', database, journal, atATime, ...FAST },
});

/** Who makes keys, and where. */
export function mintVariants({ scale, only }) {
  const all = [
    ...[1, 8].flatMap((atATime) => [
      ours('sqlite', 'hmac-sha256', atATime),
      ours('sqlite', 'bcrypt', atATime),
      betterAuth('sqlite', 'wal', ' WAL NORMAL', atATime),
      betterAuth('sqlite', 'delete', ' rollback journal', atATime),
    ]),
    ours('postgres', 'hmac-sha256', 8),
    betterAuth('postgres', 'wal', '', 8),
    { name: `bcrypt.hash alone, ${THREADS} at a time`, maker: 'bcrypt', atATime: THREADS, ...SLOW },
  ];
  return all
    .filter(({ name }) => only === undefined || only.some((text) => name.includes(text)))
    .map((variant) => ({
      ...variant,
      warmUp: Math.ceil(variant.warmUp * scale),
      count: Math.ceil(variant.count * Math.max(scale, 0.02)),
    }));
}

/** What the issue asks to be compared, in keys a second. */
export function mintComparisons() {
  const bare = `bcrypt.hash alone, ${THREADS} at a time`;
  const compare = (title, rate, base, bound) => ({ title, rate, base, bound });
  return [
    ...[1, 8].flatMap((atATime) => {
      const proof = `ours, sqlite, hmac-sha256, ${atATime} at a time`;
      const wal = `better-auth, sqlite WAL NORMAL, ${atATime} at a time`;
      const journal = `better-auth, sqlite rollback journal, ${atATime} at a time`;
      return [
        compare(`SQLite, ${atATime} at a time, full sync over WAL NORMAL`, proof, wal, 'at least 1'),
        compare(`SQLite, ${atATime} at a time, over its rollback journal`, proof, journal, ''),
        compare(
          `bcrypt mode, ${atATime} at a time, over bcrypt alone`,
          `ours, sqlite, bcrypt, ${atATime} at a time`,
          bare,
          'at least 0.9',
        ),
      ];
    }),
    compare(
      'PostgreSQL, 8 at a time',
      'ours, postgres, hmac-sha256, 8 at a time',
      'better-auth, postgres, 8 at a time',
      'at least 1',
    ),
  ];
}
