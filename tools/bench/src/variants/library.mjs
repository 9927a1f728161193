import { tokenAt } from '../keys.mjs';
import { openLibrary } from '../ours.mjs';
import { startMinimalApp } from './minimal-app.mjs';

/** Our library in the minimal app: IdentityModule and its `onRequest` hook. */
export async function start({ url, leases = false }) {
  const { module, protect, access, close } = await openLibrary(url, { CREDENTIAL_LEASES: leases ? 'on' : 'off' });
  const app = await startMinimalApp({ imports: [module], access, prepare: protect });
  return { port: app.port, key: tokenAt(0), close: () => app.close().then(close) };
}
