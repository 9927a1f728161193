import type { Logger } from 'pino';

/** How long requests in flight may take to finish, in milliseconds. */
const DRAIN_MS = 10_000;

/** After this time connections are cut, so that what is pending is still written before the end of the drain time. */
const CUT_MS = 8000;

/** Ctrl-C under npm sends the signal twice within a moment. */
const REPEATED_MS = 1000;

/** The two steps of a shutdown. */
interface Shutdown {
  /** Takes the service out of the load balancer; resolves when it serves nothing more. */
  readonly leave: (graceMs: number) => Promise<void>;
  /** Cuts the connections that are still open. */
  readonly cut: () => void;
  readonly close: () => Promise<void>;
}

/**
 * On SIGTERM or SIGHUP leaves the load balancer, closes and exits: with 0 when it has finished, with 1 if it failed or took
 * too long. SIGINT comes from a terminal, where nobody wants to wait: it does the same without the grace. A second signal
 * ends the process at once, with 1.
 */
export function onShutdownSignal(logger: Logger, graceMs: number, { leave, cut, close }: Shutdown): void {
  let since: number | undefined;
  const shutDown = (signal: NodeJS.Signals): void => {
    if (since !== undefined) {
      if (performance.now() - since < REPEATED_MS) return;
      logger.error({ signal }, 'a second signal ended the shutdown');
      process.exit(1);
    }
    since = performance.now();
    const grace = signal === 'SIGINT' ? 0 : graceMs;
    logger.info({ signal, grace_ms: grace }, 'shutting down');
    setTimeout(() => {
      logger.warn('connections that were still open were cut: their clients are slow, or have stopped sending');
      cut();
    }, grace + CUT_MS).unref();
    setTimeout(() => {
      logger.error('requests were still running at the end of the drain time');
      process.exit(1);
    }, grace + DRAIN_MS).unref();
    leave(grace)
      .then(close)
      .then(
        () => process.exit(0),
        (error: unknown) => {
          logger.error({ err: error }, 'shutdown failed');
          process.exit(1);
        },
      );
  };
  for (const signal of ['SIGTERM', 'SIGHUP', 'SIGINT'] as const) process.on(signal, shutDown);
}
