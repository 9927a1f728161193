import { type Logger, pino } from 'pino';
import { build as pretty } from 'pino-pretty';
import type { Environment } from '../environment/environment.js';

/** The log of the process on standard output: JSON lines, or text for a terminal. */
export function createLogger({ logLevel, logFormat }: Pick<Environment, 'logLevel' | 'logFormat'>): Logger {
  const options = { level: logLevel, base: null, timestamp: pino.stdTimeFunctions.isoTime };
  return logFormat === 'pretty' ? pino(options, pretty({ singleLine: true, sync: true })) : pino(options);
}
