import { type DatabaseType, emptyDatabase } from './databases.js';
import { environment } from './environment.js';
import { type Service, startServiceIn } from './service.js';

/** Two instances of the service on one database. */
export interface Pair {
  readonly a: Service;
  readonly b: Service;
  close(): Promise<void>;
}

/** Starts two instances on an empty database. They hash without bcrypt, which is what takes long when many keys are made. */
export async function startPair(
  type: DatabaseType,
  variables: NodeJS.ProcessEnv,
  settings: Readonly<Record<string, string>> = {},
): Promise<Pair> {
  const DATABASE_URL = await emptyDatabase(type, variables);
  const env = environment({ DATABASE_URL, SECRET_HASHER: 'hmac-sha256', ...settings });
  const a = await startServiceIn(env);
  const b = await startServiceIn(env);
  return {
    a,
    b,
    close: async () => {
      await Promise.all([a.close(), b.close()]);
    },
  };
}
