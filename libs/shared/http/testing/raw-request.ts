import { expect } from '@jest/globals';
import { connect } from 'node:net';

const PATIENCE_MILLISECONDS = 12_000;

/** Sends bytes as they are and resolves with everything that came back until the server closed. */
export function exchangeBytes(port: number, ...parts: (string | Buffer)[]): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1');
    const chunks: Buffer[] = [];
    socket.setTimeout(PATIENCE_MILLISECONDS, () => socket.destroy(new Error('the server kept the connection open')));
    socket.on('data', (chunk) => chunks.push(chunk));
    socket.on('error', reject);
    socket.on('close', () => resolve(Buffer.concat(chunks).toString('latin1')));
    for (const part of parts) socket.write(part);
  });
}

/** The statuses of all answers in what came back, in their order. */
export function statusesIn(received: string): number[] {
  return [...received.matchAll(/HTTP\/1\.1 (\d{3}) /g)].map(([, status]) => Number(status));
}

/** Demands what every response carries, and that it names neither server nor framework. */
export function expectOurHeaders(answer: string): void {
  expect(answer).toMatch(/\r\ncache-control: no-store\r\n/i);
  expect(answer).toMatch(/\r\nx-content-type-options: nosniff\r\n/i);
  expect(answer).not.toMatch(/\r\n(?:server|x-powered-by|access-control-[a-z-]+):/i);
  expect(answer).not.toMatch(/FST_ERR|statusCode|"code"/);
  expect(answer).toMatch(/\r\ncontent-type: application\/json\r\n/i);
}
