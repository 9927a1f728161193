import { type Logger, pino } from 'pino';
import { prettyFactory } from 'pino-pretty';
import type { Environment } from '../environment/environment.js';
import { standardOutput } from './log-output.js';

/** The log of the process on standard output: JSON lines, or text for a terminal. */
export function createLogger({ logLevel, logFormat }: Pick<Environment, 'logLevel' | 'logFormat'>): Logger {
  const options = { level: logLevel, base: null, timestamp: pino.stdTimeFunctions.isoTime };
  const readable = prettyFactory({ singleLine: true });
  const logger = pino(options, {
    write: (line) => {
      standardOutput.write(logFormat === 'pretty' ? readable(line) : line);
    },
  });
  standardOutput.onRecovery = (count) => {
    logger.warn({ count }, 'log lines were dropped because they could not be written');
  };
  return logger;
}
