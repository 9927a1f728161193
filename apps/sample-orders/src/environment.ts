import { type DatabaseLocation, parseDatabaseUrl } from '@feather-identity/infra';

const DEFAULT_PORT = 3000;
const DEFAULT_DATABASE = 'sqlite:./data/sample-orders.db';
const DEFAULT_PEPPERS_FILE = './data/sample-orders-peppers';

/** All settings of this application. */
export interface Environment {
  /** In production a start neither prints a key nor makes peppers. */
  readonly production: boolean;
  readonly port: number;
  /** Where orders are, and keys where this application has them itself. */
  readonly database: DatabaseLocation;
  /** What proofs of keys depend on, kept apart from the database and its backups. */
  readonly peppersFile: string;
  /** The running service that has the keys; null where this application has them itself. */
  readonly identityService: { readonly baseUrl: string; readonly apiKey: string } | null;
}

/** Reads the environment. Throws an error that names the variable and its rule, and never the value. */
export function readEnvironment(variables: NodeJS.ProcessEnv = process.env): Environment {
  return {
    production: readProduction(variables['NODE_ENV']),
    port: readPort(variables['PORT']),
    database: readDatabase(variables['DATABASE_URL']),
    peppersFile: variables['API_KEY_PEPPERS_FILE'] ?? DEFAULT_PEPPERS_FILE,
    identityService: readIdentityService(variables['IDENTITY_URL'], variables['IDENTITY_API_KEY']),
  };
}

function readProduction(place = 'development'): boolean {
  if (/^(?:production|development|test)$/.test(place)) return place === 'production';
  throw new Error('NODE_ENV takes production, development or test.');
}

function readPort(text = String(DEFAULT_PORT)): number {
  if (/^\d{1,5}$/.test(text) && Number(text) <= 65_535) return Number(text);
  throw new Error('PORT takes a number from 0 to 65535; 0 takes any free port.');
}

function readDatabase(url = DEFAULT_DATABASE): DatabaseLocation {
  const location = parseDatabaseUrl(url);
  if (location === null)
    throw new Error('DATABASE_URL takes sqlite:PATH or postgres://USER:PASSWORD@HOST:PORT/DATABASE.');
  return location;
}

function readIdentityService(baseUrl: string | undefined, apiKey: string | undefined): Environment['identityService'] {
  if (baseUrl === undefined && apiKey === undefined) return null;
  if (baseUrl === undefined || apiKey === undefined) {
    throw new Error(
      'IDENTITY_URL and IDENTITY_API_KEY go together: a service, and a key with the scope api_keys:verify.',
    );
  }
  if (!/^https?:\/\//.test(baseUrl) || !URL.canParse(baseUrl)) throw new Error('IDENTITY_URL takes http://HOST:PORT.');
  return { baseUrl, apiKey };
}
