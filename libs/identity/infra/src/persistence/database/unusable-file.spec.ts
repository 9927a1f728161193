import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { openTestDatabase } from '../../../testing/open-test-database.js';
import { emptyLocation } from '../../../testing/test-location.js';
import { openDatabase } from './open-database.js';

const isRoot = process.getuid?.() === 0;

/** Skipped where root may not mount, as in a container without CAP_SYS_ADMIN. */
const whereWritingCanBeForbidden = !isRoot || spawnSync('unshare', ['-m', 'true']).status === 0 ? it : it.skip;

describe('a start on a SQLite file that cannot be written', () => {
  let path: string;
  let undo: () => void;

  beforeEach(async () => {
    undo = () => undefined;
    const location = await emptyLocation('sqlite');
    if (location.type !== 'sqlite') throw new Error('not SQLite');
    ({ path } = location);
    await (await openTestDatabase('sqlite', location)).close();
  });
  afterEach(() => {
    undo();
  });

  /** Root may write wherever the mode forbids it, but not where a mount does. */
  function makeReadOnly(target: string): void {
    if (!isRoot) {
      chmodSync(target, 0o500);
      undo = () => {
        chmodSync(target, 0o700);
      };
      return;
    }
    execFileSync('mount', ['--bind', target, target]);
    undo = () => {
      execFileSync('umount', [target]);
    };
    execFileSync('mount', ['-o', 'remount,bind,ro', target]);
  }

  const open = async (where = path, migrates = true) =>
    (await openDatabase({ location: { type: 'sqlite', path: where }, poolSize: 2, migrates })).destroy();

  whereWritingCanBeForbidden('is refused by the name of the file', async () => {
    makeReadOnly(path);
    for (const migrates of [true, false]) {
      const refused = `The database file ${path} cannot be read and written by this user (`;
      const reason = isRoot
        ? 'EROFS). Its file system is mounted read-only.'
        : 'EACCES). Change its owner or its mode.';
      await expect(open(path, migrates)).rejects.toThrow(refused + reason);
    }
  });

  whereWritingCanBeForbidden('is refused by the name of the folder, where SQLite makes more files', async () => {
    rmSync(path);
    makeReadOnly(dirname(path));
    const refused = `The folder ${dirname(path)} of the database cannot be written by this user (E`;
    for (const where of [path, join(dirname(path), 'not', 'there', 'identity.db')]) {
      await expect(open(where)).rejects.toThrow(refused);
    }
  });

  whereWritingCanBeForbidden(
    "is refused by the name of a -wal file that another user's process left behind",
    async () => {
      writeFileSync(`${path}-wal`, '');
      makeReadOnly(`${path}-wal`);
      await expect(open()).rejects.toThrow(`The database file ${path}-wal cannot be read and written by this user (E`);
    },
  );

  it('is refused when it is a folder', async () => {
    await expect(open(dirname(path))).rejects.toThrow(`${dirname(path)} is a folder: name a file in it.`);
  });

  it('goes well in folders that are not there yet, and in empty ones', async () => {
    const missing = join(dirname(path), 'not', 'there', 'identity.db');
    await open(missing);
    expect(existsSync(missing)).toBe(true);
    mkdirSync(join(dirname(path), 'empty'));
    await open(join(dirname(path), 'empty', 'identity.db'));
  });
});
