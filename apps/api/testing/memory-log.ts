import { setTimeout as sleep } from 'node:timers/promises';
import { type Logger, pino } from 'pino';

const PATIENCE_MS = 5000;
const PAUSE_MS = 5;

/** A line of the log, as it was written. */
export type LogLine = Readonly<Record<string, unknown>>;

/** A log at its most talkative level that is kept in memory. */
export class MemoryLog {
  text = '';
  readonly logger: Logger = pino(
    { level: 'trace', base: null },
    {
      write: (line: string) => {
        this.text += line;
      },
    },
  );

  get lines(): LogLine[] {
    return this.text.split('\n').flatMap((line) => (line === '' ? [] : [JSON.parse(line) as LogLine]));
  }

  /** The lines about requests, once there are `count`: a response arrives before its line is written. */
  async requests(count: number): Promise<LogLine[]> {
    const deadline = performance.now() + PATIENCE_MS;
    while (performance.now() < deadline) {
      const lines = this.lines.filter(({ msg }) => msg === 'request');
      if (lines.length >= count) return lines;
      await sleep(PAUSE_MS);
    }
    throw new Error(`fewer than ${count} requests were logged: ${this.text}`);
  }
}
