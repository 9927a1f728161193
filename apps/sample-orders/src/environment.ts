import { randomBytes } from 'node:crypto';
import { type DatabaseLocation, parseDatabaseUrl } from '@feather-identity/infra';

const DEFAULT_PORT = 3000;
const DEFAULT_DATABASE = 'sqlite:./data/sample-orders.db';
const SESSION_KEY_LENGTH = 32;
const DEFAULT_PEPPERS_FILE = './data/sample-orders-peppers';

/** All settings of this application. */
export interface Environment {
  /** In production the start neither prints a key nor creates peppers. */
  readonly production: boolean;
  readonly port: number;
  /** The database of the orders, and of the keys unless a service has them. */
  readonly database: DatabaseLocation;
  /** The file with the secret keys by which tokens are proven. Keep it apart from the database and its backups. */
  readonly peppersFile: string;
  /**
   * Signs the JWTs of users. Outside production there is a new one at each start, which ends all sessions. Null where a
   * service has the keys: then there is no sign-up.
   */
  readonly sessionKey: string | null;
  /** The running service that has the keys; null if this application has them itself. */
  readonly identityService: { readonly baseUrl: string; readonly apiKey: string } | null;
}

/** Reads the environment. Throws an error that names the variable and its rule, never the value. */
export function readEnvironment(variables: NodeJS.ProcessEnv = process.env): Environment {
  const production = readProduction(variables['NODE_ENV']);
  const identityService = readIdentityService(variables['IDENTITY_URL'], variables['IDENTITY_API_KEY']);
  return {
    production,
    port: readPort(variables['PORT']),
    database: readDatabase(variables['DATABASE_URL']),
    peppersFile: variables['API_KEY_PEPPERS_FILE'] ?? DEFAULT_PEPPERS_FILE,
    sessionKey: identityService === null ? readSessionKey(production, variables['SESSION_KEY']) : null,
    identityService,
  };
}

function readProduction(place = 'development'): boolean {
  if (/^(?:production|development|test)$/.test(place)) return place === 'production';
  throw new Error('NODE_ENV must be production, development or test.');
}

function readSessionKey(production: boolean, key?: string): string {
  if (key === undefined && !production) return randomBytes(SESSION_KEY_LENGTH).toString('base64url');
  if (key !== undefined && key.length >= SESSION_KEY_LENGTH) return key;
  throw new Error(
    `SESSION_KEY must have at least ${SESSION_KEY_LENGTH} characters. Create one: openssl rand -base64 32`,
  );
}

function readPort(text = String(DEFAULT_PORT)): number {
  if (/^\d{1,5}$/.test(text) && Number(text) <= 65_535) return Number(text);
  throw new Error('PORT must be a number from 0 to 65535; 0 picks a free port.');
}

function readDatabase(url = DEFAULT_DATABASE): DatabaseLocation {
  const location = parseDatabaseUrl(url);
  if (location === null)
    throw new Error('DATABASE_URL must be sqlite:PATH or postgres://USER:PASSWORD@HOST:PORT/DATABASE.');
  return location;
}

function readIdentityService(baseUrl: string | undefined, apiKey: string | undefined): Environment['identityService'] {
  if (baseUrl === undefined && apiKey === undefined) return null;
  if (baseUrl === undefined || apiKey === undefined) {
    throw new Error('Set both IDENTITY_URL and IDENTITY_API_KEY: a service, and a key with the scope api_keys:verify.');
  }
  if (!/^https?:\/\//.test(baseUrl) || !URL.canParse(baseUrl))
    throw new Error('IDENTITY_URL must look like http://HOST:PORT.');
  return { baseUrl, apiKey };
}
