import { describe, expect, it } from '@jest/globals';
import { DATABASES } from './support/database.js';
import { Installation } from './support/installation.js';
import { expectRefusal } from './support/refusal.js';

/** At cost 31 one check runs for days. */
const AT_ONCE_MS = 1000;

describe.each(DATABASES)('a stored hash of an absurd cost on %s (KH7)', (database) => {
  it('is refused at once, and logged once, by the public part of its key alone', async () => {
    const installation = await Installation.create(database);
    const service = await installation.start();
    const key = service.firstKey;
    const { key_prefix: prefix, plain_text_key: damaged } = await service.newKey(key);
    await installation.database.query(
      "UPDATE api_key_secrets SET proof = NULL, hash = replace(hash, '$10$', '$31$') " +
        `WHERE key_prefix = '${prefix}'`,
    );
    const began = performance.now();
    for (let round = 0; round < 5; round++) expectRefusal(await service.whoami(damaged));
    expect(performance.now() - began).toBeLessThan(AT_ONCE_MS);
    expect(await service.whoami(key)).toMatchObject({ status: 200 });

    // All of its output is there.
    await service.stop();
    const lines = service.output.split('\n').filter((line) => line.includes('a stored hash'));
    expect(lines).toEqual([expect.stringContaining(`"level":50`)]);
    expect(lines[0]).toContain(`"key_prefix":"${prefix}"`);
    expect(service.output).not.toContain('$31$');
    expect(service.output).not.toContain(damaged.slice(17));
  });
});
