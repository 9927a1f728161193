import { type PepperRing, readLostPeppers } from '@feather-identity/infra';
import type { Logger } from 'pino';
import { codeOf } from '../environment/error-code.js';
import type { ServiceIdentity } from './identity.js';

/**
 * Logs an error at the start if there are secrets that nothing can verify any more, because they have no hash and their
 * pepper is lost. The service starts all the same: every other key works, and new ones can be made.
 */
export async function reportLostSecrets(
  { ids }: PepperRing,
  { dataSource, clock }: ServiceIdentity,
  logger: Logger,
): Promise<void> {
  try {
    const lost = await readLostPeppers(dataSource, ids, clock.now());
    const secrets = lost.reduce((sum, each) => sum + each.secrets, 0);
    if (secrets === 0) return;
    logger.error(
      { secrets, peppers: lost.map(({ pepperId }) => pepperId) },
      `Secrets that cannot be verified: ${secrets}. Their keys get 401, because they have no hash and the pepper of ` +
        'their proof is missing. Put it back into SECRET_PEPPERS or SECRET_PEPPERS_FILE: see docs/operating/peppers.md.',
    );
  } catch (error) {
    // A table that is too large to be read within the time limit of a statement is no reason not to start.
    logger.warn({ code: codeOf(error) }, 'could not check for secrets whose pepper is lost');
  }
}
