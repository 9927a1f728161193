import { readImportedKeyUsage } from '@feather-identity/infra';
import type { Logger } from 'pino';
import { codeOf } from '../environment/error-code.js';
import type { Environment } from '../environment/environment.js';
import type { ServiceIdentity } from './identity.js';

/**
 * Logs an error at the start if there are imported keys that the settings do not find: they get 401 although everything
 * to verify them is there. The service starts all the same.
 */
export async function reportUnacceptedKeys(
  { importedKeys }: Environment,
  { dataSource, clock }: ServiceIdentity,
  logger: Logger,
): Promise<void> {
  try {
    const usage = await readImportedKeyUsage(dataSource, clock.now());
    const missing = usage.filter(({ example }) => importedKeys?.finds(example) !== true);
    const secrets = missing.reduce((sum, each) => sum + each.secrets, 0);
    if (secrets === 0) return;
    logger.error(
      { secrets, found_by: missing.map(({ foundBy }) => foundBy) },
      `Imported keys that are not looked for: ${secrets}. They get 401, because IMPORTED_KEYS does not name what they are ` +
        'found by, or IMPORTED_KEY_PEPPERS lacks their pepper. See docs/guides/imported-keys.md.',
    );
  } catch (error) {
    // As for lost secrets: no reason not to start.
    logger.warn({ code: codeOf(error) }, 'could not check for imported keys that are not accepted');
  }
}
