import { connect } from 'node:net';
import { HttpReader } from './http-reader.mjs';

const PATIENCE_MS = 10_000;
const TICK_MS = 1;

/**
 * Sends at a fixed rate whatever becomes of the answers. Latencies, in milliseconds, run from when a request was due,
 * so that a server that stalls cannot hide it; requests without an answer are lost.
 */
export class OpenLoop {
  #idle = [];
  #waiting = new Set();
  #port;
  latencies = [];
  /** How late each request left, in milliseconds: the sender's own share of its latency. */
  delays = [];
  statuses = {};
  lost = 0;

  constructor(port) {
    this.#port = port;
  }

  /** Sends what `next` gives, `count` times at `rate` a second, and waits for the answers. */
  async run(next, rate, count) {
    const begun = performance.now();
    let sent = 0;
    await new Promise((resolve) => {
      const timer = setInterval(() => {
        while (sent < count && performance.now() >= begun + (sent * 1000) / rate) {
          const due = begun + (sent * 1000) / rate;
          this.delays.push(performance.now() - due);
          this.#send(next(), due);
          sent += 1;
        }
        if (sent < count) return;
        clearInterval(timer);
        resolve();
      }, TICK_MS);
    });
    await this.#answered(performance.now() + PATIENCE_MS);
    const seconds = (performance.now() - begun) / 1000;
    for (const socket of this.#idle) socket.destroy();
    return seconds;
  }

  #send(bytes, due) {
    const socket = this.#idle.pop() ?? this.#open();
    socket.due = due;
    this.#waiting.add(socket);
    socket.write(bytes);
  }

  #open() {
    const reader = new HttpReader();
    const socket = connect(this.#port, '127.0.0.1').setNoDelay(true);
    socket.on('data', (chunk) => {
      for (const { status } of reader.push(chunk)) this.#record(socket, status);
    });
    socket.once('error', () => socket.destroy());
    socket.once('close', () => {
      if (this.#waiting.delete(socket)) this.lost += 1;
      this.#idle = this.#idle.filter((other) => other !== socket);
    });
    return socket;
  }

  #record(socket, status) {
    this.#waiting.delete(socket);
    this.#idle.push(socket);
    this.latencies.push(performance.now() - socket.due);
    this.statuses[status] = (this.statuses[status] ?? 0) + 1;
  }

  async #answered(deadline) {
    while (this.#waiting.size > 0 && performance.now() < deadline) {
      await new Promise((resolve) => setTimeout(resolve, TICK_MS));
    }
    for (const socket of [...this.#waiting]) socket.destroy();
  }
}
