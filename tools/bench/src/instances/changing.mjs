import { fileURLToPath } from 'node:url';
import { withCluster } from './cluster.mjs';
import { withClient } from './client.mjs';
import { assertMode, settingsOfMode } from './modes.mjs';

const CHANGER = fileURLToPath(new URL('../changer.mjs', import.meta.url));
export const INSTANCES = 3;
/** Keys that ask for the changes of the others; the first keys of a database are not like the others. */
export const CALLERS = { first: 10, count: 30 };

/** Runs `work` with the instances of a mode, on a new database for so many changes, and with the process that makes them. */
export async function withChanger({ mode, count, stale, databases }, work) {
  const keys = CALLERS.first + CALLERS.count + 2 * count + 100;
  const { url } = await databases.newWithKeys('postgres', 'instances', keys);
  const settings = { SECRET_HASHER: 'hmac-sha256', SHUTDOWN_GRACE_SECONDS: '1', ...settingsOfMode(mode) };
  const cluster = { url, count: INSTANCES, settingsOf: () => settings, folder: databases.folder, stale };
  return withCluster(cluster, async (instances) => {
    await assertMode(mode, instances[0].service);
    return withClient(CHANGER, instances, (changer) => work(changer, instances));
  });
}
