import { PassThrough } from 'node:stream';
import { describe, expect, it } from '@jest/globals';
import { Progress } from './progress.js';

/** What is drawn while half of a file is imported. */
function drawn(isTerminal: boolean): string {
  const stream = Object.assign(new PassThrough(), { isTTY: isTerminal, columns: 120 });
  const progress = new Progress({ bytes: 2000, bytesRead: () => 1000 }, stream);
  progress.show({ rows: 17, refused: 3 });
  progress.end();
  return String(stream.read() ?? '');
}

describe('the progress of an import', () => {
  it('is a bar on a terminal, which says how much was read and what was refused', () => {
    expect(drawn(true)).toMatch(/\u2588{20}\u2591{20} 50% \| 17 rows, 3 refused \|/);
  });

  it('is nothing elsewhere', () => {
    expect(drawn(false)).toBe('');
  });
});
