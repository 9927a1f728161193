import { connect } from 'node:net';
import { HttpReader } from './http-reader.mjs';

/** Keep-alive connections to one server, each with one request on its way; another is opened when none is free. */
export class Connections {
  #idle = [];
  #open = new Set();
  #port;

  constructor(port) {
    this.#port = port;
  }

  /** How many requests are on their way. */
  get busy() {
    return this.#open.size - this.#idle.length;
  }

  /**
   * Sends one request. Resolves with status and body, with `cut` if the connection ended before the answer, or with
   * `silent` after so many milliseconds. It never rejects.
   */
  send(bytes, patienceMs) {
    return new Promise((resolve) => {
      const socket = this.#idle.pop() ?? this.#connect();
      const timer = setTimeout(() => {
        socket.done({ outcome: 'silent' });
        socket.destroy();
      }, patienceMs);
      socket.done = (answer) => {
        clearTimeout(timer);
        socket.done = () => undefined;
        resolve(answer);
      };
      socket.write(bytes);
    });
  }

  close() {
    for (const socket of this.#open) socket.destroy();
  }

  #connect() {
    const reader = new HttpReader();
    const socket = connect(this.#port, '127.0.0.1').setNoDelay(true);
    this.#open.add(socket);
    socket.on('data', (chunk) => {
      for (const { status, body } of reader.push(chunk)) {
        this.#idle.push(socket);
        socket.done({ outcome: 'answered', status, body });
      }
    });
    socket.on('error', () => socket.destroy());
    socket.on('close', () => {
      this.#open.delete(socket);
      this.#idle = this.#idle.filter((other) => other !== socket);
      socket.done({ outcome: 'cut' });
    });
    return socket;
  }
}
