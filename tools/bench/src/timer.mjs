// Times single answers; a process of its own.
import { connect } from 'node:net';
import { answer } from './process/answering.mjs';
import { seededRandom, shuffled } from './statistics.mjs';
import { HttpReader } from './traffic/http-reader.mjs';
import { requestSource } from './traffic/requests.mjs';

/** Refusals wait up to 25 ms, so a few connections take turns at being answered; few enough to leave the server idle. */
const CONNECTIONS = 4;

answer({
  /** Times, in microseconds, of `count` requests of each kind, in random order. Throws for another status than 401. */
  async time({ port, path, kinds, count, seed }) {
    const sources = Object.entries(kinds).map(([name, traffic]) => [name, requestSource(path, traffic)]);
    const order = Array.from({ length: count }, () => sources).flat();
    const times = Object.fromEntries(sources.map(([name]) => [name, []]));
    const queue = shuffled(order, seededRandom(seed)).values();
    const timeNext = async () => {
      const ask = await openConnection(port);
      for (const [name, next] of queue) {
        const { status, microseconds } = await ask(next());
        if (status !== 401) throw new Error(`${name} was answered ${status}.`);
        times[name].push(microseconds);
      }
    };
    await Promise.all(Array.from({ length: CONNECTIONS }, timeNext));
    return times;
  },
});

async function openConnection(port) {
  const reader = new HttpReader();
  let asked = () => undefined;
  const socket = connect(port, '127.0.0.1').setNoDelay(true);
  await new Promise((resolve, reject) => socket.once('connect', resolve).once('error', reject));
  socket.on('data', (chunk) => {
    const arrived = performance.now();
    for (const { status } of reader.push(chunk)) asked(status, arrived);
  });
  return (bytes) =>
    new Promise((resolve) => {
      const sent = performance.now();
      asked = (status, arrived) => resolve({ status, microseconds: (arrived - sent) * 1000 });
      socket.write(bytes);
    });
}
