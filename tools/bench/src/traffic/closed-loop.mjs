import { connect } from 'node:net';
import { HttpReader } from './http-reader.mjs';

/**
 * Sends all requests over a fixed number of keep-alive connections, each with one request on its way, and counts the
 * statuses.
 */
export async function runClosedLoop({ port, connections, requests }) {
  const statuses = {};
  let next = 0;
  const perConnection = () =>
    new Promise((resolve, reject) => {
      const reader = new HttpReader();
      const socket = connect(port, '127.0.0.1');
      socket.setNoDelay(true).once('error', reject);
      const send = () => (next < requests.length ? socket.write(requests[next++]) : socket.end());
      socket.once('connect', send);
      socket.on('data', (chunk) => {
        for (const { status } of reader.push(chunk)) {
          statuses[status] = (statuses[status] ?? 0) + 1;
          send();
        }
      });
      socket.once('close', resolve);
    });
  await Promise.all(Array.from({ length: Math.min(connections, requests.length) }, perConnection));
  const answered = Object.values(statuses).reduce((sum, count) => sum + count, 0);
  if (answered !== requests.length) throw new Error(`${requests.length - answered} requests were never answered.`);
  return statuses;
}

/** Sends one request and resolves with its answer. */
export function sendOne(port, bytes) {
  return new Promise((resolve, reject) => {
    const reader = new HttpReader();
    const socket = connect(port, '127.0.0.1', () => socket.write(bytes)).once('error', reject);
    socket.on('data', (chunk) => {
      const [answer] = reader.push(chunk);
      if (answer === undefined) return;
      resolve({ status: answer.status, body: answer.body() });
      socket.destroy();
    });
    socket.once('close', () => reject(new Error('A connection was closed without an answer.')));
  });
}
