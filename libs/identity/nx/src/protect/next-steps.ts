import type { KeyStore } from './key-store.js';

const ROUTES = [
  'Put @RequireScopes(...) or @Public() of @feather-identity/http/guard on each route handler:',
  '  routes that declare neither are closed to everyone from now on.',
];

const SERVICE = [
  'Set IDENTITY_URL to the service (http://localhost:8000, say), and IDENTITY_API_KEY to a key with the scope',
  '  api_keys:verify. Keys of its organization are accepted.',
];

const OWN_DATABASE = [
  'Keys have a database of their own, ./data/identity.db. For PostgreSQL install pg, and set IDENTITY_DATABASE_URL to',
  '  postgres://USER:PASSWORD@HOST:PORT/DATABASE.',
];

const APP_DATABASE = [
  "Keys are in the tables auth_* of the application's database: run the migrations, unless the data source does.",
];

const EMBEDDED = [
  'Keep ./data out of the repository: unless NODE_ENV is production the first start makes ./data/peppers, which keys are',
  '  proven with. Where NODE_ENV is production set API_KEY_PEPPERS or API_KEY_PEPPERS_FILE.',
  'Unless NODE_ENV is production or test, the first start of the server prints a key that may do everything, once.',
];

/** What is left to do for whoever ran the generator, line by line. */
export function nextSteps({ kind }: KeyStore): string[] {
  if (kind === 'service') return [...ROUTES, ...SERVICE];
  return [...ROUTES, ...(kind === 'own-database' ? OWN_DATABASE : APP_DATABASE), ...EMBEDDED];
}
