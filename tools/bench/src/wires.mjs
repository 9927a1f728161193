// TCP proxies that can be cut and slowed down, in a process of its own so that the load does not delay them.
import { connect, createServer } from 'node:net';
import { once } from 'node:events';
import pg from 'pg';
import { answer } from './process/answering.mjs';

/** By the port that clients connect to. */
const wires = new Map();
/** URLs of servers, in the order in which they are tried. */
let listed = [];

/** Everything that connects to its port reaches the target, later by `delay` milliseconds in each direction. */
class Wire {
  #held = [];
  isCut = false;

  constructor(target, delay) {
    this.target = target;
    this.delay = delay;
  }

  carry(client) {
    client.on('error', () => undefined);
    this.#whenWhole(() => {
      if (client.destroyed) return;
      const server = connect(this.target, '127.0.0.1');
      this.#forward(client, server);
      this.#forward(server, client);
    });
  }

  /** Bytes wait, as on a network that loses them and sends them again, and so does the news that one side is gone. */
  cut() {
    this.isCut = true;
  }

  heal() {
    this.isCut = false;
    for (const resume of this.#held.splice(0)) resume();
  }

  #whenWhole(step) {
    if (this.isCut) this.#held.push(step);
    else step();
  }

  #forward(from, to) {
    from.setNoDelay(true);
    const later = (step) => this.#whenWhole(() => (this.delay === 0 ? step() : setTimeout(step, this.delay)));
    from.on('data', (chunk) => later(() => to.write(chunk)));
    from.once('end', () => later(() => to.end()));
    from.on('error', () => undefined);
    from.once('close', () => later(() => to.destroy()));
  }
}

/** How long a server may take to say whether it can be written to. */
const PATIENCE_MS = 700;

/** The port of the first server, by its URL, where a transaction can write; undefined where there is none. */
async function firstWritable(urls) {
  for (const connectionString of urls) {
    const client = new pg.Client({
      connectionString,
      connectionTimeoutMillis: PATIENCE_MS,
      query_timeout: PATIENCE_MS,
    });
    client.on('error', () => undefined);
    try {
      await client.connect();
      const { rows } = await client.query('SHOW transaction_read_only');
      if (rows[0].transaction_read_only === 'off') return Number(new URL(connectionString).port);
    } catch {
      // The next one.
    } finally {
      client.end().catch(() => undefined);
    }
  }
  return undefined;
}

async function listen(onConnection) {
  const server = createServer(onConnection).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return server.address().port;
}

answer({
  /** The port of a new wire to this port. */
  async open({ target, delay = 0 }) {
    const wire = new Wire(target, delay);
    const port = await listen((client) => wire.carry(client));
    wires.set(port, wire);
    return port;
  },
  /** A port where each connection leads to the first of the listed servers that can be written to. */
  openFirst: () =>
    listen(async (client) => {
      client.on('error', () => undefined);
      const target = await firstWritable(listed);
      if (target === undefined) client.destroy();
      else new Wire(target, 0).carry(client);
    }),
  async list(urls) {
    listed = urls;
  },
  async cut(ports) {
    for (const port of ports) wires.get(port).cut();
  },
  async heal(ports) {
    for (const port of ports) wires.get(port).heal();
  },
});
