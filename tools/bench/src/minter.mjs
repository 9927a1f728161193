// Makes keys as fast as it can, in a process of its own.
import { openBetterAuth } from './better-auth.mjs';
import { openIssuing } from './ours.mjs';
import { answer } from './process/answering.mjs';

const COST = 10;
const spec = JSON.parse(process.env.BENCH_VARIANT);

const MAKERS = {
  ours: ({ url, hasher }) => openIssuing(url, { SECRET_HASHER: hasher }),
  'better-auth': openBetterAuth,
  bcrypt: async () => {
    const { default: bcrypt } = await import('bcrypt');
    return { createKey: () => bcrypt.hash('s'.repeat(32), COST), close: async () => undefined };
  },
};

const opening = MAKERS[spec.maker](spec);

answer(
  {
    /** Keys a second, so many of them at a time. */
    async create(count) {
      const { createKey } = await opening;
      let left = count;
      const line = async () => {
        while (left-- > 0) await createKey();
      };
      const start = performance.now();
      await Promise.all(Array.from({ length: spec.atATime }, line));
      return (count / (performance.now() - start)) * 1000;
    },
    countHashed: async () => (await opening).countHashed(),
  },
  async () => (await opening).close(),
);
