import { beforeAll, describe, expect, it } from '@jest/globals';
import { Installation } from '../support/installation.js';
import { exchangeBytes, oneAnswer, type RawAnswer, written } from '../support/raw-exchange.js';
import { expectRefusal } from '../support/refusal.js';
import type { Service } from '../support/service.js';
import { expectError } from './expect-safe.js';

const KEYS = '/v1/identity/api-keys';
const ANNOUNCED = { 'Content-Type': 'application/json', 'Content-Length': '1000000' };
const AT_ONCE_MS = 100;
const TRIES = 5;

describe('a stranger who announces a body and withholds it', () => {
  let service: Service;

  beforeAll(async () => {
    service = await (await Installation.create('sqlite')).start();
  });

  /** Sends these bytes a few times, and takes the best time: the machine may have been busy with something else. */
  const expectAtOnce = async (bytes: string, expectAnswer: (answer: RawAnswer) => void): Promise<void> => {
    const times: number[] = [];
    for (let round = 0; round < TRIES; round++) {
      const started = performance.now();
      expectAnswer(await oneAnswer(service.url, bytes));
      times.push(performance.now() - started);
    }
    expect(Math.min(...times)).toBeLessThan(AT_ONCE_MS);
  };

  it('is refused within 100 ms, before any of it is read (HT6)', async () => {
    await expectAtOnce(written('POST', KEYS, ANNOUNCED), (answer) => {
      expectRefusal({ ...answer, headers: { ...answer.headers }, body: JSON.parse(answer.text) });
    });
  });

  it.each([
    ['POST', '/nothing', 404, 'not_found'],
    ['PUT', KEYS, 405, 'method_not_allowed'],
  ])('is told so within 100 ms where no body is read at all: %s %s', async (method, path, status, error) => {
    await expectAtOnce(written(method, path, ANNOUNCED), (answer) => {
      expectError(answer, status, error);
    });
  });

  it('is not asked to send it', async () => {
    const bytes = written('POST', KEYS, { ...ANNOUNCED, Expect: '100-continue' });
    expect(await exchangeBytes(service.url, bytes)).toMatch(/^HTTP\/1\.1 401 /);
  });
});
