// Sends traffic at a fixed rate, or from so many connections at once; a process of its own.
import { answer } from './process/answering.mjs';
import { percentile } from './statistics.mjs';
import { runClosedLoop } from './traffic/closed-loop.mjs';
import { OpenLoop } from './traffic/open-loop.mjs';
import { requestSource } from './traffic/requests.mjs';

answer({
  /** Sends at `rate` a second for so many seconds. */
  async atRate({ port, path, traffic, rate, seconds }) {
    const loop = new OpenLoop(port);
    const count = Math.max(1, Math.round(rate * seconds));
    const took = await loop.run(requestSource(path, traffic), rate, count);
    const { latencies, delays, statuses, lost } = loop;
    const at = (share) => (latencies.length === 0 ? NaN : percentile(latencies, share));
    return {
      sent: count,
      statuses,
      lost,
      p50: at(0.5),
      p99: at(0.99),
      worst: at(1),
      late: percentile(delays, 0.99),
      perSecond: latencies.length / took,
    };
  },

  /** Sends `count` requests from so many connections, each as soon as its last one is answered. */
  async atOnce({ port, path, traffic, connections, count }) {
    const next = requestSource(path, traffic);
    const begun = performance.now();
    const statuses = await runClosedLoop({ port, connections, requests: Array.from({ length: count }, next) });
    return { statuses, milliseconds: performance.now() - begun };
  },
});
