import { stopServer } from './server.mjs';

/** Ends what `global-setup.mjs` started. */
export default async function globalTeardown() {
  await stopServer();
}
