import { describe, expect, it } from '@jest/globals';
import { MemoryLog } from '../../testing/memory-log.js';
import { NestLogger } from './nest-logger.js';

const LEVELS = { trace: 10, debug: 20, warn: 40, error: 50, fatal: 60 };

describe('NestLogger', () => {
  it.each([
    ['log', LEVELS.debug],
    ['verbose', LEVELS.trace],
    ['debug', LEVELS.debug],
    ['warn', LEVELS.warn],
    ['error', LEVELS.error],
    ['fatal', LEVELS.fatal],
  ] as const)('writes %s at level %d with the context', (method, level) => {
    const log = new MemoryLog();
    new NestLogger(log.logger)[method]('started', 'Module');
    expect(log.lines).toEqual([{ level, time: expect.any(Number), msg: 'started', context: 'Module' }]);
  });

  it('takes the stack of an error from between message and context', () => {
    const log = new MemoryLog();
    new NestLogger(log.logger).error('Answered 500: Error', 'Error: x\n    at y', 'ApiErrorFilter');
    expect(log.lines).toEqual([
      expect.objectContaining({ msg: 'Answered 500: Error', stack: 'Error: x\n    at y', context: 'ApiErrorFilter' }),
    ]);
  });

  it('shows no property of what is no text', () => {
    const log = new MemoryLog();
    const error = Object.assign(new Error('failed'), { parameters: ['hash'] });
    new NestLogger(log.logger).warn(error, { secret: 'hash' }, 'Module');
    expect(log.lines).toEqual([expect.objectContaining({ msg: 'Error: failed', context: 'Module' })]);
    expect(log.text).not.toContain('hash');
  });

  it('keeps a text with line breaks in one line', () => {
    const log = new MemoryLog();
    new NestLogger(log.logger).warn('a\r\nb\u001b[31m');
    expect(log.text.trimEnd().split('\n')).toHaveLength(1);
  });
});
