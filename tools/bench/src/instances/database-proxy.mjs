import { once } from 'node:events';
import { connect, createServer } from 'node:net';

/** The text by which a session of PostgreSQL asks for notifications, in a query or in the parse of one. */
const LISTEN = /\blisten\s/i;

/** One direction of a connection: delivers in order, later, or not at all. */
class Direction {
  #waiting = [];
  #timer;

  constructor(proxy, name) {
    this.proxy = proxy;
    this.name = name;
  }

  add(connection, deliver) {
    this.#waiting.push({ due: performance.now() + this.proxy.delayMs, deliver, connection });
    this.pump();
  }

  /** Delivers what is due. */
  pump() {
    clearTimeout(this.#timer);
    while (this.#waiting.length > 0) {
      const [{ due, deliver, connection }] = this.#waiting;
      if (this.proxy.isSilent(this.name, connection)) return;
      const early = due - performance.now();
      if (early > 0) {
        this.#timer = setTimeout(() => this.pump(), Math.ceil(early));
        return;
      }
      this.#waiting.shift();
      deliver();
    }
  }
}

/**
 * A TCP proxy between one instance and PostgreSQL that fails on command. While a direction is silent, its bytes and its
 * ends wait in the proxy: nobody gets an error, as in a network that has lost its way.
 */
export class DatabaseProxy {
  #connections = new Set();
  #server;
  #target;
  #silent = { directions: [], listenersOnly: false };
  #refusing = false;
  delayMs = 0;

  /** @param target - the URL of the database */
  static async open(target) {
    const proxy = new DatabaseProxy(new URL(target));
    proxy.#server.listen(0, '127.0.0.1');
    await once(proxy.#server, 'listening');
    return proxy;
  }

  constructor(target) {
    this.#target = target;
    this.#server = createServer((client) => this.#accept(client));
  }

  /** The URL of the same database through the proxy. */
  get url() {
    const url = new URL(this.#target);
    url.hostname = '127.0.0.1';
    url.port = String(this.#server.address().port);
    return url.href;
  }

  /** How many connections wait for notifications. */
  get listeners() {
    return [...this.#connections].filter(({ listens }) => listens).length;
  }

  isSilent(direction, connection) {
    const { directions, listenersOnly } = this.#silent;
    return directions.includes(direction) && (!listenersOnly || connection.listens);
  }

  /** Cuts the connections that wait for notifications, or all. */
  cut({ listenersOnly = false } = {}) {
    for (const connection of [...this.#connections]) {
      if (!listenersOnly || connection.listens) this.#drop(connection);
    }
  }

  /** Closes new connections at once, or not any more. */
  refuse(refusing) {
    this.#refusing = refusing;
  }

  /** Keeps the bytes of these directions, `queries` and `answers`, to itself; none delivers what was kept. */
  silence(directions, { listenersOnly = false } = {}) {
    this.#silent = { directions, listenersOnly };
    for (const { queries, answers } of this.#connections) {
      queries.pump();
      answers.pump();
    }
  }

  async close() {
    this.#server.close();
    this.cut();
    await once(this.#server, 'close');
  }

  #accept(client) {
    if (this.#refusing) {
      client.destroy();
      return;
    }
    const upstream = connect(Number(this.#target.port), this.#target.hostname).setNoDelay(true);
    client.setNoDelay(true);
    const queries = new Direction(this, 'queries');
    const answers = new Direction(this, 'answers');
    const connection = { client, upstream, queries, answers, listens: false };
    this.#connections.add(connection);
    client.on('data', (bytes) => {
      if (!connection.listens && LISTEN.test(bytes.latin1Slice())) connection.listens = true;
      queries.add(connection, () => upstream.write(bytes));
    });
    upstream.on('data', (bytes) => answers.add(connection, () => client.write(bytes)));
    client.on('error', () => undefined).on('close', () => queries.add(connection, () => this.#drop(connection)));
    upstream.on('error', () => undefined).on('close', () => answers.add(connection, () => this.#drop(connection)));
  }

  #drop(connection) {
    this.#connections.delete(connection);
    connection.client.destroy();
    connection.upstream.destroy();
  }
}
