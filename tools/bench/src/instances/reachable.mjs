import { Connections } from '../traffic/connections.mjs';

/** The outcome of a request that was not sent: its instance is down. */
export const UNREACHABLE = 'unreachable';

/** What a process knows of the instances: connections to each, or null while it is down. */
export class Reachable {
  all = [];

  set({ number, port }) {
    this.all[number] = port === null ? null : new Connections(port);
  }

  get numbers() {
    return [...this.all.keys()];
  }

  isUp(number) {
    return this.all[number] !== null;
  }

  /** How many requests wait for this instance. */
  busy(number) {
    return this.all[number]?.busy ?? 0;
  }

  /** Sends a request as `Connections.send` does. */
  async send(number, bytes, patienceMs) {
    const connections = this.all[number];
    return connections === null ? { outcome: UNREACHABLE } : connections.send(bytes, patienceMs);
  }
}
