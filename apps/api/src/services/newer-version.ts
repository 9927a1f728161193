import { readAppliedMigrations } from '@feather-identity/infra';
import type { Logger } from 'pino';
import { codeOf } from '../environment/error-code.js';
import type { ServiceIdentity } from './identity.js';

const INTERVAL_MS = 3_600_000;

/**
 * Warns, now and every hour, while the database has migrations of a newer version that only add to it: this version
 * works beside that one, and is to be replaced. Keeps no process alive.
 */
export async function watchForNewerVersion(identity: ServiceIdentity, logger: Logger): Promise<void> {
  await reportNewerVersion(identity, logger);
  setInterval(() => void reportNewerVersion(identity, logger), INTERVAL_MS).unref();
}

async function reportNewerVersion({ dataSource }: ServiceIdentity, logger: Logger): Promise<void> {
  try {
    const { expanding } = await readAppliedMigrations(dataSource);
    if (expanding.length === 0) return;
    logger.warn({ migrations: expanding }, 'The database was migrated by a newer version. This one works beside it.');
  } catch (error) {
    logger.warn({ code: codeOf(error) }, 'could not look for migrations of a newer version');
  }
}
