import { chmod, mkdtemp } from 'node:fs/promises';
import { join } from 'node:path';
import { folderOfTests } from './memory-folder.mjs';
import { removeFoldersOfDeadRuns, startServer } from './server.mjs';

const FOLDER = 'feather-tests-';

/**
 * One PostgreSQL for all specs of a Jest run, at `process.env.TEST_POSTGRES_URL` (the server named there, if any), and
 * one temporary folder for all that they leave behind.
 */
export default async function globalSetup() {
  process.env.TEST_POSTGRES_URL ??= await startServer(folderOfTests);
  await removeFoldersOfDeadRuns(folderOfTests, FOLDER);
  process.env.TMPDIR = await mkdtemp(join(folderOfTests, `${FOLDER}${process.pid}-`));
  // A PostgreSQL of a spec's own runs as another user where the specs run as root.
  await chmod(process.env.TMPDIR, 0o711);
}
