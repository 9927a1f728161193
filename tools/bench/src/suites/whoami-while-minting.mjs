import { fileURLToPath } from 'node:url';
import { tokenAt } from '../keys.mjs';
import { withService } from '../process/service-process.mjs';
import { startWorker } from '../process/worker.mjs';
import { table } from '../report/table.mjs';
import { WHOAMI } from '../variants/paths.mjs';
import { withGenerators } from './generators.mjs';

const CREATOR = fileURLToPath(new URL('../creator.mjs', import.meta.url));
const AT_A_TIME = 8;
const PROBE_RATE = 200;

/** How long `whoami` takes while the service makes keys with bcrypt, next to when it does not. */
export async function whoamiWhileMinting({ quick }, databases) {
  const seconds = quick ? 1 : 15;
  const { url } = await databases.withOneKey('sqlite', 'whoami_while_minting');
  const traffic = { kind: 'same', key: tokenAt(0) };
  const { alone, minting, made } = await withService(url, {}, (service) =>
    withGenerators(1, async (probe) => {
      const measure = () =>
        probe.ask('atRate', { port: service.port, path: WHOAMI, traffic, rate: PROBE_RATE, seconds });
      await measure();
      const creator = startWorker(CREATOR);
      try {
        const alone = await measure();
        const making = creator.ask('create', { port: service.port, key: tokenAt(0), atATime: AT_A_TIME, seconds });
        const minting = await measure();
        return { alone, minting, made: await making };
      } finally {
        await creator.stop();
      }
    }),
  );
  const row = (name, { p50, p99, lost }) => [name, p50.toFixed(1), p99.toFixed(1), String(lost)];
  const rows = [row('alone', alone), row(`while ${AT_A_TIME} at a time make keys by bcrypt`, minting)];
  const title = `whoami at ${PROBE_RATE} rps, ms; ${(made / seconds).toFixed(1)} keys made a second; p99 under 25`;
  return { text: table([title, 'p50', 'p99', 'lost'], rows), alone, minting, made };
}
