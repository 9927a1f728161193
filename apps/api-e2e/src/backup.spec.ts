import { execFileSync, spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { createOrganization, printedJson } from './support/command-line.js';
import { Installation } from './support/installation.js';
import type { CreatedKey, Service } from './support/service.js';

/** Skipped where this user may not mount, as in a container without CAP_SYS_ADMIN. */
const whereMountsAreAllowed = spawnSync('unshare', ['-m', 'true']).status === 0 ? it : it.skip;

interface Backup {
  readonly file: string;
  readonly organizations: number;
  readonly unrevoked_keys: number;
  readonly last_event_at: string;
}

/** Makes and revokes keys one after the other until it is told to stop. */
class Load {
  readonly made: CreatedKey[] = [];
  readonly revoked: CreatedKey[] = [];
  #isOn = true;
  readonly #ended: Promise<unknown>;

  constructor(service: Service, owner: string, clients: number) {
    this.#ended = Promise.all(Array.from({ length: clients }, () => this.run(service, owner)));
  }

  async stop(): Promise<void> {
    this.#isOn = false;
    await this.#ended;
  }

  private async run(service: Service, owner: string): Promise<void> {
    while (this.#isOn) {
      const key = await service.newKey(owner);
      const other = await service.newKey(owner);
      this.made.push(key);
      expect(await service.revoke(owner, other.id)).toMatchObject({ status: 204 });
      this.revoked.push(other);
    }
  }
}

it('a backup under load has every key that was acknowledged before it, and the restored service goes on with them', async () => {
  const installation = await Installation.create('sqlite');
  const settings = { SECRET_HASHER: 'hmac-sha256', MAX_KEYS_PER_ORGANIZATION: '100000' };
  const service = await installation.start(settings);
  const owner = service.firstKey;
  const load = new Load(service, owner, 4);
  while (load.made.length < 50) await service.whoami(owner);
  const [before, revokedBefore] = [[...load.made], [...load.revoked]];
  const outcome = await installation.run(['backup', 'backup.db', '--json']);
  const after = load.made.length;
  await load.stop();
  expect(after).toBeGreaterThan(before.length);
  expect(outcome.stderr).toContain(`Keep the file ${join(installation.folder, 'data/peppers')} too`);
  const backup = printedJson({ ...outcome, stderr: '' }) as Backup;
  expect(backup.file).toBe(join(installation.folder, 'backup.db'));
  expect(backup.unrevoked_keys).toBeGreaterThan(before.length);

  const restored = await Installation.create('sqlite');
  mkdirSync(join(restored.folder, 'data'));
  copyFileSync(join(installation.folder, 'data/peppers'), join(restored.folder, 'data/peppers'));
  const done = await restored.run(['restore', backup.file, '--json']);
  expect(done.stderr).toContain(`The last event in the backup is of ${backup.last_event_at}.`);
  expect(printedJson({ ...done, stderr: '' })).toMatchObject({
    file: join(restored.folder, 'data/identity.db'),
    schema: 'current',
    organizations: 1,
    unrevoked_keys: backup.unrevoked_keys,
    peppers_missing: [],
    secrets_lost: 0,
  });
  const second = await restored.start(settings);
  for (const { plain_text_key: key } of before) expect(await second.whoami(key)).toMatchObject({ status: 200 });
  for (const { plain_text_key: key } of revokedBefore) expect(await second.whoami(key)).toMatchObject({ status: 401 });
  expect((await second.list(owner)).length).toBe(backup.unrevoked_keys);
  await second.newKey(owner);
});

it('a restore never replaces a database, and says what to do about peppers that are missing', async () => {
  const installation = await (await Installation.create('sqlite')).prepare();
  const hmac = { SECRET_HASHER: 'hmac-sha256' };
  const { plain_text_key: key } = await createOrganization(installation, 'Acme', hmac);
  const file = join(installation.folder, 'data/identity.db');
  expect(await installation.run(['backup', 'backup.db'])).toMatchObject({ status: 0 });
  const bytes = readFileSync(file);
  const again = await installation.run(['restore', 'backup.db']);
  expect(again).toMatchObject({ status: 1, stdout: '' });
  expect(again.stderr).toContain(`${file} exists, and no file is ever replaced`);
  expect(readFileSync(file)).toEqual(bytes);

  const elsewhere = await Installation.create('sqlite');
  const lost = await elsewhere.run(['restore', '--check', join(installation.folder, 'backup.db')]);
  expect(lost).toMatchObject({ status: 1 });
  expect(lost.stdout).toMatch(/secrets lost: +1\n/);
  expect(lost.stderr).toContain('The settings have none of the peppers of this database.');
  expect(existsSync(join(elsewhere.folder, 'data'))).toBe(false);
  expect(lost.stdout + lost.stderr).not.toContain(key);
  for (const [command, status, reason] of [
    [['restore'], 2, 'Name the backup'],
    [['restore', 'none.db'], 1, `${join(elsewhere.folder, 'none.db')} does not exist.`],
    [['backup', 'x.db'], 1, `${join(elsewhere.folder, 'data/identity.db')} does not exist.`],
    [['restore', '--check'], 1, `${join(elsewhere.folder, 'data/identity.db')} does not exist.`],
  ] as const) {
    const outcome = await elsewhere.run(command);
    expect(outcome).toMatchObject({ status, stdout: '' });
    expect(outcome.stderr).toContain(reason);
  }
});

whereMountsAreAllowed('a backup that cannot be written says on which side and what to do', async () => {
  const installation = await (await Installation.create('sqlite')).prepare();
  const disk = join(installation.folder, 'disk');
  mkdirSync(disk);
  execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', disk]);
  try {
    const full = await installation.run(['backup', 'disk/backup.db']);
    expect(full.stderr).toMatch(/^The disk of \S+\/disk\/backup\.db is full \(SQLITE_FULL\): make room/m);
    expect(readdirSync(disk)).toEqual([]);
    execFileSync('mount', ['-o', 'remount,ro', disk]);
    const readOnly = await installation.run(['backup', 'disk/backup.db']);
    expect(readOnly.stderr).toMatch(/^This user may not write into the folder \S+\/disk \(EROFS\)/m);
  } finally {
    execFileSync('umount', [disk]);
  }
});

it('for PostgreSQL prints the line that makes the backup, and the one that restores it, and makes none itself', async () => {
  const installation = await Installation.create('postgres');
  const settings = installation.database.settings;
  const url = new URL(settings['DATABASE_URL'] ?? '');
  const password = url.password;
  url.password = '';
  const dumped = await installation.run(['backup', "it's.dump"]);
  expect(dumped).toMatchObject({
    status: 1,
    stdout: `pg_dump --format=custom --no-owner --file='it'\\''s.dump' --dbname='${url.href}'\n`,
  });
  expect(dumped.stderr).toContain('No backup was made.');
  const line = await installation.run(['restore', "it's.dump"]);
  expect(line).toMatchObject({ status: 1 });
  expect(line.stdout).toBe(`pg_restore --single-transaction --no-owner --dbname='${url.href}' 'it'\\''s.dump'\n`);
  expect(dumped.stdout + dumped.stderr + line.stdout + line.stderr).not.toContain(password || 'no password');
});

/** pg_dump refuses a server that is newer than itself. */
async function canDump(): Promise<boolean> {
  const { database } = await Installation.create('postgres');
  const { status, stdout } = spawnSync('pg_dump', ['--version'], { encoding: 'utf8' });
  const [row] = await database.query("SELECT current_setting('server_version_num')::int / 10000 AS major");
  return status === 0 && Number(/ (\d+)/.exec(stdout)?.[1]) >= Number(row?.['major']);
}

const whereItDumps = (await canDump()) ? it : it.skip;

whereItDumps('the printed lines restore a PostgreSQL database, where pg_dump is as new as the server', async () => {
  const installation = await Installation.create('postgres');
  const password = new URL(installation.database.settings['DATABASE_URL'] ?? '').password;
  const shell = (line: string) =>
    execFileSync('sh', ['-c', line], { cwd: installation.folder, env: { ...process.env, PGPASSWORD: password } });
  const service = await installation.start();
  const { plain_text_key: key } = await service.newKey(service.firstKey);
  shell((await installation.run(['backup', 'the.dump'])).stdout);

  const restored = await Installation.create('postgres');
  const { stdout: line } = await restored.run(['restore', 'the.dump']);
  shell(line);
  copyFileSync(join(installation.folder, 'data/peppers'), join(restored.folder, 'peppers'));
  const settings = { SECRET_PEPPERS_FILE: './peppers' };
  expect(printedJson(await restored.run(['restore', '--check', '--json'], settings))).toMatchObject({
    schema: 'current',
    organizations: 1,
    unrevoked_keys: 2,
    peppers_missing: [],
  });
  expect(await (await restored.start(settings)).whoami(key)).toMatchObject({ status: 200 });
});
