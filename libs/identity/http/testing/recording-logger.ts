import { inspect } from 'node:util';
import type { LoggerService } from '@nestjs/common';

/** Keeps everything that is logged, errors with their causes and stacks, as text. */
export class RecordingLogger implements LoggerService {
  readonly lines: string[] = [];

  log(...logged: unknown[]): void {
    this.lines.push(inspect(logged, { depth: 10 }));
  }

  readonly error = this.log.bind(this);
  readonly warn = this.log.bind(this);
  readonly debug = this.log.bind(this);
  readonly verbose = this.log.bind(this);
  readonly fatal = this.log.bind(this);
}
