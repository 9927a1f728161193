import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { freemem, tmpdir } from 'node:os';
import { join } from 'node:path';

const MEMORY = '/dev/shm';

/** Several times what a run of all tests writes, of which PostgreSQL's databases are most. */
const ENOUGH_BYTES = 8 * 1024 ** 3;

/**
 * Where tests put their files: in memory, where Linux has enough of it, else in the temporary folder. PostgreSQL and
 * SQLite wait for a disk at each commit, and PostgreSQL 300 ms to drop a database; no test ends the power of a disk.
 */
export const folderOfTests = hasEnough() && runsPrograms() ? MEMORY : tmpdir();

function hasEnough() {
  if (process.env.TMPDIR !== undefined || freemem() < ENOUGH_BYTES) return false;
  try {
    const { bavail, bsize } = statfsSync(MEMORY);
    return bavail * bsize > ENOUGH_BYTES;
  } catch {
    return false;
  }
}

/** Containers often forbid it there, and packages that a test installs have programs. */
function runsPrograms() {
  const folder = mkdtempSync(join(MEMORY, 'feather-probe-'));
  try {
    const program = join(folder, 'program');
    writeFileSync(program, '#!/bin/sh\n', { mode: 0o700 });
    execFileSync(program);
    return true;
  } catch {
    return false;
  } finally {
    rmSync(folder, { recursive: true });
  }
}
