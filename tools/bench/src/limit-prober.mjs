// Sends at fixed rates to several instances and tells when each request began and ended; a process of its own.
import { monotonicMs } from './instances/monotonic.mjs';
import { outcomeOf } from './instances/outcomes.mjs';
import { Reachable, UNREACHABLE } from './instances/reachable.mjs';
import { answer } from './process/answering.mjs';
import { requestSource } from './traffic/requests.mjs';

const PATIENCE_MS = 10_000;
const TICK_MS = 2;

const instances = new Reachable();

answer({
  reachable: (change) => instances.set(change),

  /** Sends each stream of requests at its rate to each instance, for so many seconds. */
  async probe({ streams, path, seconds }) {
    const underWay = [];
    const results = {};
    const begun = performance.now();
    const sources = streams.map(({ name, rate, traffic }) => {
      results[name] = { outcomes: {}, answers: [] };
      return { name, rate, next: requestSource(path, traffic), sent: 0 };
    });
    for (let elapsed = 0; elapsed < seconds * 1000; elapsed = performance.now() - begun) {
      for (const source of sources) {
        for (; source.sent < (elapsed * source.rate) / 1000; source.sent += 1) {
          for (const number of instances.numbers) underWay.push(send(number, source.next(), results[source.name]));
        }
      }
      await new Promise((resolve) => setTimeout(resolve, TICK_MS));
    }
    await Promise.all(underWay);
    return results;
  },
});

async function send(number, bytes, { outcomes, answers }) {
  const begun = monotonicMs();
  const outcome = outcomeOf(await instances.send(number, bytes, PATIENCE_MS));
  if (outcome === UNREACHABLE) return;
  outcomes[outcome] = (outcomes[outcome] ?? 0) + 1;
  answers.push({ instance: number, outcome, begun, ended: monotonicMs() });
}
