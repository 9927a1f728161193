import { readEnvironment, type Environment } from '../environment/environment.js';
import { createIssuing, createSecretHasher, type Issuing } from '../services/issuing.js';
import { openPersistence, type OpenPersistenceOptions, type Persistence } from '../services/persistence.js';

/** The settings and the database of a command. */
export interface Session {
  readonly env: Environment;
  readonly persistence: Persistence;
  /** Needs the peppers. Listing and revoking must work for an operator who does not have them. */
  readonly issuing: () => Promise<Issuing>;
}

/** Runs `work` on the migrated database and closes it. The service may run at the same time. */
export async function withSession(
  work: (session: Session) => Promise<void>,
  options?: OpenPersistenceOptions,
): Promise<void> {
  const env = readEnvironment();
  const persistence = await openPersistence(env, options);
  try {
    const issuing = async () => createIssuing(env, persistence, await createSecretHasher(env));
    await work({ env, persistence, issuing });
  } finally {
    await persistence.dataSource.destroy();
  }
}
