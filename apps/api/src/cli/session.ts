import { readEnvironment, type Environment } from '../environment/environment.js';
import type { OpenDatabaseOptions } from '../services/database.js';
import { openIdentity, type ServiceIdentity } from '../services/identity.js';

/** The settings and use cases of a command. Peppers are read only when it makes a secret: listing and revoking work without them. */
export interface Session {
  readonly env: Environment;
  readonly identity: ServiceIdentity;
}

/**
 * Runs `work` on the database and closes it. The service may run at the same time. Only `migrate` creates and migrates the
 * database; for other commands it must be there and of this version.
 */
export async function withSession(
  work: (session: Session) => Promise<void>,
  options?: OpenDatabaseOptions,
): Promise<void> {
  const env = readEnvironment();
  for (const warning of env.warnings) process.stderr.write(`warning: ${warning}\n`);
  const identity = await openIdentity(env, options);
  try {
    await work({ env, identity });
  } finally {
    await identity.dataSource.destroy();
  }
}
