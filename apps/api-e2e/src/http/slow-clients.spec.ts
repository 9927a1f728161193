import type { Socket } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Installation } from '../support/installation.js';
import { connectTo } from '../support/raw-exchange.js';
import type { Service } from '../support/service.js';

const SLOW = 500;
const IDLE = 2000;
const BATCH = 250;
const BYTE_EVERY_MS = 1000;
const CLOSED_WITHIN_MS = 10_000;
const PROBE_EVERY_MS = 50;
/** Generous, since other tests run on the same cores; alone it takes some milliseconds. */
const PROBE_WITHIN_MS = 1000;

interface Ending {
  readonly afterMs: number;
  readonly received: string;
}

describe('a service that 500 clients feed a byte a second while 2,000 say nothing (HT7)', () => {
  const sockets: Socket[] = [];
  let service: Service;
  let slow: Promise<Ending>[];
  let idle: Promise<Ending>[];

  beforeAll(async () => {
    service = await (await Installation.create('sqlite')).start();
    idle = await inBatches(IDLE, () => ending(open()));
    slow = await inBatches(SLOW, () => {
      const socket = open();
      socket.write('POST /v1/identity/api-keys HTTP/1.1\r\nHost: localhost\r\nX-Slow: ');
      const drip = setInterval(() => socket.write('x'), BYTE_EVERY_MS);
      socket.once('close', () => {
        clearInterval(drip);
      });
      return ending(socket);
    });
  });

  afterAll(() => {
    for (const socket of sockets) socket.destroy();
  });

  /** The queue of connections not accepted yet is short (511): what overflows it the service never gets to see. */
  const inBatches = async (count: number, start: () => Promise<Ending>): Promise<Promise<Ending>[]> => {
    const started: Promise<Ending>[] = [];
    while (started.length < count) {
      started.push(...Array.from({ length: BATCH }, start));
      await probe(service);
    }
    return started;
  };

  const open = (): Socket => {
    const socket = connectTo(service.url);
    sockets.push(socket);
    return socket;
  };

  it('answers everybody else as before, and ends all of these within 10 s with 408', async () => {
    const probes: number[] = [];
    const over = new AbortController();
    const ended = Promise.all([...slow, ...idle]).finally(() => {
      over.abort();
    });
    while (!over.signal.aborted) probes.push(await probe(service));
    const endings = await ended;
    expect(endings.filter(({ received }) => !/^HTTP\/1\.1 408 [^]*"error":"request_timeout"/.test(received))).toEqual(
      [],
    );
    expect(Math.max(...endings.map(({ afterMs }) => afterMs))).toBeLessThanOrEqual(CLOSED_WITHIN_MS);
    expect(probes.length).toBeGreaterThan(50);
    expect(quantile(probes, 0.99)).toBeLessThan(PROBE_WITHIN_MS);
  });

  it('goes on as if nothing had been', async () => {
    expect(await service.whoami(service.firstKey)).toMatchObject({ status: 200 });
  });
});

/** How a connection ended; a reset loses the answer and shows as such. */
function ending(socket: Socket): Promise<Ending> {
  const started = performance.now();
  let received = '';
  socket.setEncoding('latin1').on('data', (text: string) => (received += text));
  socket.once('error', (error) => (received += error.message));
  return new Promise((resolve) => {
    socket.once('close', () => {
      resolve({ afterMs: performance.now() - started, received });
    });
  });
}

/** Milliseconds of an ordinary request. */
async function probe(service: Service): Promise<number> {
  const started = performance.now();
  const { status } = await service.whoami(service.firstKey);
  expect(status).toBe(200);
  const took = performance.now() - started;
  await new Promise((resolve) => setTimeout(resolve, PROBE_EVERY_MS));
  return took;
}

function quantile(values: readonly number[], share: number): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length * share)] ?? Infinity;
}
