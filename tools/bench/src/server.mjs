// One variant, in a process of its own: started by the bench with the variant in its environment.
import { answer } from './process/answering.mjs';
import { Profiler } from './process/profiler.mjs';

const spec = JSON.parse(process.env.BENCH_VARIANT);
const { start } = await import(`./variants/${spec.server}.mjs`);
const profiler = new Profiler();
const starting = start(spec);

answer(
  {
    async ready() {
      const { port, key } = await starting;
      return { port, key };
    },
    cpu() {
      const { user, system } = process.cpuUsage();
      return user + system;
    },
    collectGarbage: () => globalThis.gc(),
    startProfile: () => profiler.start(),
    stopProfile: () => profiler.stop(),
  },
  async () => (await starting).close(),
);
