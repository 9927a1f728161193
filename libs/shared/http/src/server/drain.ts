import { once } from 'node:events';
import type { Server } from 'node:http';
import { Server as NetServer } from 'node:net';
import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { ClosingAdapter } from './create-fastify-adapter.js';
import { LAST_HEAD_MILLISECONDS } from './limits.js';

/** How long nothing may arrive before the listener closes, and how long that is waited for, in milliseconds. */
const QUIET = { time: 50, patience: 500 };

/**
 * Takes an application out of service behind a load balancer. Until `graceMs` milliseconds have passed, it serves on, but
 * each answer is the last one of its connection. Then it accepts no further connections, and serves what has arrived. Close
 * the application when this resolves.
 *
 * @param app - A listening application created with `createFastifyAdapter()`.
 * @param graceMs - How long the load balancer may take to notice.
 */
export async function drain(app: NestFastifyApplication, graceMs: number): Promise<void> {
  const { gate } = app.getHttpAdapter() as unknown as ClosingAdapter;
  const server = app.getHttpServer();
  gate.endConnections();
  await sleep(graceMs);
  // Closing the listener resets the connections that the kernel has made and nobody has accepted, and a proxy does not
  // repeat a POST. A proxy opens the next one when it has an answer, so none is given until all have been accepted.
  const quiet = untilQuiet(server);
  gate.hold(quiet);
  await quiet;
  // Not the method of HTTP: that one spends time on idle connections first.
  NetServer.prototype.close.call(server);
  server.closeIdleConnections();
  // What has arrived by then gets past the gate, which `app.close()` closes.
  await Promise.race([once(server, 'close'), sleep(LAST_HEAD_MILLISECONDS)]);
}

async function untilQuiet(server: Server): Promise<void> {
  let arrived = 0;
  let before: number;
  const note = (): void => void (arrived += 1);
  const deadline = performance.now() + QUIET.patience;
  server.on('connection', note).on('request', note);
  do {
    before = arrived;
    await sleep(QUIET.time);
    // Timers run before the event loop looks for what has arrived.
    await nextTurn();
  } while (arrived > before && performance.now() < deadline);
  server.off('connection', note).off('request', note);
}
