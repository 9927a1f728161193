import { readEnvironment, type Environment } from '../environment/environment.js';
import type { OpenDatabaseOptions } from '../services/database.js';
import { openIdentity, type ServiceIdentity } from '../services/identity.js';

/** What a command works with. Peppers are read when it makes a secret: others work for an operator without them. */
export interface Session {
  readonly env: Environment;
  readonly identity: ServiceIdentity;
}

/** Runs `work` on the migrated database and closes it, beside a running service or without one. */
export async function withSession(
  work: (session: Session) => Promise<void>,
  options?: OpenDatabaseOptions,
): Promise<void> {
  const env = readEnvironment();
  const identity = await openIdentity(env, options);
  try {
    await work({ env, identity });
  } finally {
    await identity.dataSource.destroy();
  }
}
