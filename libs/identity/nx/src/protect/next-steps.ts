import type { KeyStore } from './key-store.js';

const ROUTES = [
  'Put @RequireScopes(...) or @Public() of @feather-identity/http/guard on each route handler:',
  '  routes without either are closed from now on.',
];

const SERVICE = [
  'Set IDENTITY_URL to the address of the service, such as http://localhost:8000, and IDENTITY_API_KEY to a key with the',
  '  scope api_keys:verify. The application accepts all keys of its organization.',
];

const OWN_DATABASE = [
  'The keys have a database of their own, ./data/identity.db. For PostgreSQL install pg and set IDENTITY_DATABASE_URL to',
  '  postgres://USER:PASSWORD@HOST:PORT/DATABASE.',
];

const APP_DATABASE = [
  "The keys are in the tables auth_* of the application's database: run the migrations, unless the data source does so.",
];

const EMBEDDED = [
  'Keep ./data out of the repository: the first start writes ./data/peppers, the secret key by which tokens are proven.',
  '  If NODE_ENV is production, set API_KEY_PEPPERS or API_KEY_PEPPERS_FILE instead.',
  'Unless NODE_ENV is production or test, the first start of the server prints an unrestricted key, once.',
];

/** The steps that the generator leaves to its user, line by line. */
export function nextSteps({ kind }: KeyStore): string[] {
  if (kind === 'service') return [...ROUTES, ...SERVICE];
  return [...ROUTES, ...(kind === 'own-database' ? OWN_DATABASE : APP_DATABASE), ...EMBEDDED];
}
