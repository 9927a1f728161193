import type { LoggerService } from '@nestjs/common';
import type { Logger } from 'pino';

/** Sends the log lines of Nest to pino, with Nest's context as a field. */
export class NestLogger implements LoggerService {
  constructor(private readonly logger: Logger) {}

  log(message: unknown, ...rest: unknown[]): void {
    // At the start Nest logs each module and route: useful only for debugging.
    this.logger.debug(fields(rest), String(message));
  }

  error(message: unknown, ...rest: unknown[]): void {
    this.logger.error(fields(rest), String(message));
  }

  warn(message: unknown, ...rest: unknown[]): void {
    this.logger.warn(fields(rest), String(message));
  }

  debug(message: unknown, ...rest: unknown[]): void {
    this.logger.debug(fields(rest), String(message));
  }

  verbose(message: unknown, ...rest: unknown[]): void {
    this.logger.trace(fields(rest), String(message));
  }

  fatal(message: unknown, ...rest: unknown[]): void {
    this.logger.fatal(fields(rest), String(message));
  }
}

/** Nest passes the context last and, for errors, the stack before it. */
function fields(rest: readonly unknown[]): { context?: string; stack?: string } {
  const texts = rest.filter((value) => typeof value === 'string');
  const context = texts.at(-1);
  const stack = texts.length > 1 ? texts[0] : undefined;
  return { ...(context === undefined ? {} : { context }), ...(stack === undefined ? {} : { stack }) };
}
