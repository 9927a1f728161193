const DEFAULT_PORT = 3000;
const DEFAULT_FILE = './data/sample-orders.db';
const DEFAULT_PEPPERS_FILE = './data/sample-orders-peppers';

/** All settings of this application. */
export interface Environment {
  readonly port: number;
  /** Where orders are, and keys where this application has them itself. */
  readonly database: { readonly file: string } | { readonly postgresUrl: string };
  /** What proofs of keys depend on, kept apart from the database and its backups. Made by the first start. */
  readonly peppersFile: string;
  /** The running service that has the keys; null where this application has them itself. */
  readonly identityService: { readonly baseUrl: string; readonly apiKey: string } | null;
}

/** Reads the environment. Throws an error that names the variable and its rule, and never the value. */
export function readEnvironment(variables: NodeJS.ProcessEnv = process.env): Environment {
  return {
    port: readPort(variables['PORT']),
    database: readDatabase(variables['DATABASE_URL']),
    peppersFile: variables['API_KEY_PEPPERS_FILE'] ?? DEFAULT_PEPPERS_FILE,
    identityService: readIdentityService(variables['IDENTITY_URL'], variables['IDENTITY_API_KEY']),
  };
}

function readPort(text = String(DEFAULT_PORT)): number {
  if (/^\d{1,5}$/.test(text) && Number(text) <= 65_535) return Number(text);
  throw new Error('PORT takes a number from 0 to 65535; 0 takes any free port.');
}

function readDatabase(url: string | undefined): Environment['database'] {
  if (url === undefined) return { file: DEFAULT_FILE };
  if (/^postgres(?:ql)?:\/\//.test(url) && URL.canParse(url)) return { postgresUrl: url };
  throw new Error('DATABASE_URL takes postgres://USER:PASSWORD@HOST:PORT/DATABASE; without it orders are in a file.');
}

function readIdentityService(baseUrl: string | undefined, apiKey: string | undefined): Environment['identityService'] {
  if (baseUrl === undefined && apiKey === undefined) return null;
  if (baseUrl !== undefined && apiKey !== undefined) return { baseUrl, apiKey };
  throw new Error(
    'IDENTITY_URL and IDENTITY_API_KEY go together: a service, and a key with the scope api_keys:verify.',
  );
}
