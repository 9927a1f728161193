import { type PepperRing, readLostPeppers } from '@feather-identity/infra';
import type { Logger } from 'pino';
import { codeOf } from '../environment/error-code.js';
import type { ServiceIdentity } from './identity.js';

/**
 * Says loudly at the start how many secrets nothing can verify any more, because they have no hash and their
 * pepper is gone. The start goes on: every other key works, and new ones can be made.
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
      `Secrets that cannot be verified: ${secrets}. Their keys get 401, since they have no hash and the pepper of ` +
        'their proof is not at hand. Put it back into SECRET_PEPPERS or SECRET_PEPPERS_FILE, see docs/peppers.md.',
    );
  } catch (error) {
    // A table too large to be read in the time of one statement is no reason to stay down.
    logger.warn({ code: codeOf(error) }, 'could not look for secrets whose pepper is lost');
  }
}
