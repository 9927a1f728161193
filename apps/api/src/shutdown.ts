import type { Logger } from 'pino';

/** How long requests in flight may take to finish, in milliseconds. */
const DRAIN_MS = 10_000;

/** On SIGTERM or SIGINT runs `close` once and exits: 0 when it has finished, 1 if it failed or took too long. */
export function onShutdownSignal(logger: Logger, close: () => Promise<void>): void {
  let closing = false;
  const shutDown = (signal: NodeJS.Signals): void => {
    // Ctrl-C under npm sends the signal twice.
    if (closing) return;
    closing = true;
    logger.info({ signal }, 'shutting down');
    setTimeout(() => {
      logger.error('requests were still running at the end of the drain time');
      process.exit(1);
    }, DRAIN_MS).unref();
    close().then(
      () => process.exit(0),
      (error: unknown) => {
        logger.error({ err: error }, 'shutdown failed');
        process.exit(1);
      },
    );
  };
  process.on('SIGTERM', shutDown);
  process.on('SIGINT', shutDown);
}
