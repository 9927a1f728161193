import { execFileSync } from 'node:child_process';
import { closeSync, constants, openSync, readSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { temporaryFolder } from '../../testing/databases.js';
import { LogOutput } from './log-output.js';

const LINE = `${'x'.repeat(999)}\n`;
const LINES = 3000;

describe('the log on a pipe', () => {
  let reader: number | undefined;
  let writer: number;
  let output: LogOutput;
  let reported: number[];

  beforeEach(() => {
    const path = join(temporaryFolder(), 'pipe');
    execFileSync('mkfifo', [path]);
    reader = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
    writer = openSync(path, constants.O_WRONLY | constants.O_NONBLOCK);
    output = new LogOutput(writer);
    reported = [];
    output.onRecovery = (count) => void reported.push(count);
  });
  // The output closes its descriptor when it finds the reader gone. Closed here, it would go on with whatever file or
  // socket of this process gets the number next.
  afterEach(() => {
    closeReader();
    output.write(LINE);
    const { dropped } = output;
    output.write(LINE);
    expect(output.dropped).toBe(dropped + 1);
  });

  const closeReader = () => {
    if (reader !== undefined) closeSync(reader);
    reader = undefined;
  };

  const writeAll = () => {
    for (let written = 0; written < LINES; written += 1) output.write(LINE);
  };
  const readAll = () => {
    const buffer = Buffer.alloc(65_536);
    try {
      while (readSync(reader!, buffer) > 0);
    } catch {
      // Nothing is left.
    }
  };

  it('that nobody reads never waits, and drops what does not fit into memory', () => {
    writeAll();
    expect(output.dropped).toBeGreaterThan(LINES / 2);
    expect(output.dropped).toBeLessThan(LINES);
  });

  it('that is read again reports once how many lines it dropped', async () => {
    writeAll();
    const { dropped } = output;
    while (reported.length === 0) {
      readAll();
      output.write('');
      await nextTurn();
    }
    expect(reported).toEqual([dropped]);
  });

  it('whose reader is gone counts every line as dropped', () => {
    closeReader();
    for (let written = 0; written < 3; written += 1) output.write(LINE);
    expect(output.dropped).toBe(3);
  });
});
