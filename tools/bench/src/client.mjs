// The load generator: a process of its own, on the server's core.
import { answer } from './process/answering.mjs';
import { runClosedLoop, sendOne } from './traffic/closed-loop.mjs';
import { requestBytes, requestSource } from './traffic/requests.mjs';

let prepared = [];

answer({
  /** Builds requests before the clock runs: the generator shares the core. */
  prepare({ path, traffic, count }) {
    const next = requestSource(path, traffic);
    prepared = Array.from({ length: count }, next);
  },
  run: ({ port, connections }) => runClosedLoop({ port, connections, requests: prepared }),
  one: ({ port, path, key }) => sendOne(port, requestBytes(path, key)),
});
