import { readAppliedMigrations } from '@feather-identity/infra';
import type { Logger } from 'pino';
import { codeOf } from '../environment/error-code.js';
import type { ServiceIdentity } from './identity.js';

const INTERVAL_MS = 3_600_000;

/**
 * Logs a warning, now and every hour, while the database has migrations of a newer version that only add to it: this
 * version continues to work, but should be replaced. The timer does not keep the process alive.
 */
export async function watchForNewerVersion(identity: ServiceIdentity, logger: Logger): Promise<void> {
  await reportNewerVersion(identity, logger);
  setInterval(() => void reportNewerVersion(identity, logger), INTERVAL_MS).unref();
}

async function reportNewerVersion({ dataSource }: ServiceIdentity, logger: Logger): Promise<void> {
  try {
    const { expanding } = await readAppliedMigrations(dataSource);
    if (expanding.length === 0) return;
    logger.warn(
      { migrations: expanding },
      'A newer version has migrated the database. This version continues to work and should be replaced soon.',
    );
  } catch (error) {
    logger.warn({ code: codeOf(error) }, 'could not check for migrations of a newer version');
  }
}
