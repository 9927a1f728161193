import { tokenAt } from '../keys.mjs';
import { residentMegabytes } from '../process/cpu-time.mjs';
import { withService } from '../process/service-process.mjs';
import { median } from '../statistics.mjs';
import { WHOAMI } from '../variants/paths.mjs';
import { withGenerators } from './generators.mjs';

const FORGED = 1_000_000;
const BATCH = 20_000;
const CONNECTIONS = 32;
const STARTS = 5;

/** Memory before and after a million forged keys, half of unknown ids and half of a known one: RL8. */
export async function forgedKeysMemory(database, { scale, keys }, databases) {
  const count = FORGED * scale;
  const { url } = await databases.withKeys(database, keys[1]);
  return withService(url, {}, (service) =>
    withGenerators(1, async (generator) => {
      const send = (kind, first, number) => {
        const traffic = { kind, first, key: tokenAt(0) };
        const load = { port: service.port, path: WHOAMI, traffic, connections: CONNECTIONS, count: number };
        return generator.ask('atOnce', load);
      };
      // A process that served nothing yet would grow for other reasons.
      await send('same', 0, BATCH * Math.min(1, scale * 10));
      const before = residentMegabytes(service.pid);
      const statuses = {};
      for (let sent = 0; sent < count; sent += BATCH) {
        const kind = (sent / BATCH) % 2 === 0 ? 'unknown' : 'forged';
        const answers = await send(kind, sent, Math.min(BATCH, count - sent));
        for (const [status, n] of Object.entries(answers.statuses)) statuses[status] = (statuses[status] ?? 0) + n;
      }
      const after = residentMegabytes(service.pid);
      const grown = `${before.toFixed(0)} MB -> ${after.toFixed(0)} MB, ${(after - before).toFixed(0)} MB more`;
      const text = `${count} forged keys on ${database}: ${grown} (up to 64) ${JSON.stringify(statuses)}`;
      return { text, before, after, statuses };
    }),
  );
}

/** How long the built service takes to be ready, and its memory when nothing happens. */
export async function idleService(database, { keys, quick }, databases) {
  const { url } = await databases.withKeys(database, keys[1]);
  const starts = [];
  for (let start = 0; start < (quick ? 1 : STARTS); start += 1) {
    starts.push(
      await withService(url, { METRICS: 'off' }, async ({ pid, readyAfterMs }) => {
        await new Promise((resolve) => setTimeout(resolve, quick ? 0 : 2000));
        return { ready: readyAfterMs, megabytes: residentMegabytes(pid) };
      }),
    );
  }
  const ready = median(starts.map((start) => start.ready));
  const megabytes = median(starts.map((start) => start.megabytes));
  const figures = `ready after ${ready.toFixed(0)} ms (under 2,000), ${megabytes.toFixed(0)} MB idle (under 150)`;
  return { text: `the built service on ${database}: ${figures}`, starts };
}
