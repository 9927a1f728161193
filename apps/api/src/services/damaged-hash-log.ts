import type { DamagedHashListener } from '@feather-identity/infra';
import type { Logger } from 'pino';

/** Anyone who knows the public part of such a key can cause this line again and again. */
const QUIET_MS = 60_000;

/** Reports damaged hashes to the log, at most one line a minute. */
export function logDamagedHashes(logger: Logger): DamagedHashListener {
  let quietUntil = 0;
  return (keyPrefix) => {
    const now = performance.now();
    if (now < quietUntil) return;
    quietUntil = now + QUIET_MS;
    logger.error(
      { key_prefix: keyPrefix },
      'a stored hash is damaged or its cost is out of bounds: its key was refused without hashing',
    );
  };
}
