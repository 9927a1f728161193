import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { startBareApp } from '../../testing/bare-app.js';
import { exchangeBytes, statusesIn } from '../../testing/raw-request.js';
import { drain } from './drain.js';

const GRACE_MS = 500;
const SLOW_MS = 1500;
const codeOf = (error: unknown) => (error as NodeJS.ErrnoException).code;
const request = (path: string, headers = '') => `GET ${path} HTTP/1.1\r\nHost: a\r\n${headers}\r\n`;

describe('a drained application', () => {
  let app: NestFastifyApplication;
  let port: number;

  beforeEach(async () => {
    ({ app, port } = await startBareApp((instance) => {
      instance.get('/', () => 'fast');
      instance.get('/slow', async () => {
        await sleep(SLOW_MS);
        return 'slow';
      });
    }));
  });
  afterEach(() => app.close());

  const open = async (): Promise<Socket> => {
    const socket = connect(port, '127.0.0.1').on('error', () => undefined);
    await once(socket, 'connect');
    return socket;
  };
  const received = async (socket: Socket): Promise<string> => {
    const chunks: Buffer[] = [];
    socket.on('data', (chunk) => chunks.push(chunk));
    await once(socket, 'close');
    return Buffer.concat(chunks).toString('latin1');
  };

  it('serves on during the grace, on open connections and new ones, and ends each with its answer', async () => {
    const idle = await open();
    const drained = drain(app, GRACE_MS);
    idle.write(request('/'));
    for (const answer of [await received(idle), await exchangeBytes(port, request('/'))]) {
      expect(statusesIn(answer)).toEqual([200]);
      expect(answer).toMatch(/\r\nconnection: close\r\n/i);
    }
    await drained;
    await expect(exchangeBytes(port, request('/'))).rejects.toThrow('ECONNREFUSED');
  });

  it('serves what has arrived when the grace ends: a request under way, and one whose head is not complete', async () => {
    const slow = exchangeBytes(port, request('/slow'));
    const late = await open();
    late.write(request('/').slice(0, 10));
    const drained = drain(app, 0);
    const answer = received(late);
    await sleep(300);
    await expect(exchangeBytes(port, request('/'))).rejects.toThrow('ECONNREFUSED');
    late.write(request('/').slice(10));
    expect(statusesIn(await answer)).toEqual([200]);
    await drained;
    await app.close();
    expect(statusesIn(await slow)).toEqual([200]);
  });

  it('waits for nobody who only keeps a connection open', async () => {
    await open();
    const begun = performance.now();
    await drain(app, 0);
    expect(performance.now() - begun).toBeLessThan(5000);
  });

  it('resets no connection that was made before it stopped to accept', async () => {
    const deadline = performance.now() + GRACE_MS + 200;
    const statuses: (number | undefined)[] = [];
    const lane = async (): Promise<void> => {
      while (performance.now() < deadline) {
        const answer = await exchangeBytes(port, request('/')).catch(codeOf);
        if (answer === 'ECONNREFUSED') return;
        statuses.push(...(answer?.startsWith('HTTP') ? statusesIn(answer) : [undefined]));
      }
    };
    const lanes = Array.from({ length: 20 }, lane);
    await drain(app, GRACE_MS);
    await Promise.all(lanes);
    expect(new Set(statuses)).toEqual(new Set([200]));
    expect(statuses.length).toBeGreaterThan(20);
  });
});
