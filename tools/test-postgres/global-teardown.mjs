import { rm } from 'node:fs/promises';
import { stopServer } from './server.mjs';

/** Ends what `global-setup.mjs` started, and clears away what the specs left behind. */
export default async function globalTeardown() {
  await stopServer();
  await rm(process.env.TMPDIR, { recursive: true, force: true });
}
