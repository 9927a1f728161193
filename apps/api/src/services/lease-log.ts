import type { LeaseListener } from '@feather-identity/infra';
import type { Logger } from 'pino';
import { reasonOf } from './database.js';

/** Reports when the lease on credentials begins, and why it ends or cannot be had. */
export function logLeases(logger: Logger): LeaseListener {
  return (isHeld, reason) => {
    if (isHeld) logger.info('a lease is held: keys are verified from memory');
    else if (reason !== undefined) {
      logger.warn(`no lease is held, so each verification asks the database: ${reasonOf(reason)}`);
    }
  };
}
