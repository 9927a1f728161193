import { describe, expect, it } from '@jest/globals';
import { DATABASES } from './support/database.js';
import { Installation, WITHOUT_BCRYPT } from './support/installation.js';

const ROUNDS = 30;
const TRIES = 300;

/** With bcrypt on one of them, since the first use of a key takes another way there, and without on the other. */
const SETTINGS = { sqlite: {}, postgres: WITHOUT_BCRYPT };

describe.each(DATABASES)('a revocation on %s (RV1)', (database) => {
  it('is effective for every request that starts after its 204', async () => {
    const service = await (await Installation.create(database, SETTINGS[database])).start();
    const owner = service.firstKey;
    const verdicts = new Map<string, number>();
    for (let round = 0; round < ROUNDS; round++) {
      const { id, plain_text_key: key } = await service.newKey(owner);
      const answers = [await service.whoami(key), await service.revoke(owner, id), await service.whoami(key)];
      const verdict = answers.map(({ status }) => status).join(' ');
      verdicts.set(verdict, (verdicts.get(verdict) ?? 0) + 1);
    }
    expect(Object.fromEntries(verdicts)).toEqual({ '200 204 401': ROUNDS });
  });

  it('stays effective however often the key is tried (RV6)', async () => {
    const service = await (await Installation.create(database, SETTINGS[database])).start();
    const { id, plain_text_key: key } = await service.newKey(service.firstKey);
    expect(await service.whoami(key)).toMatchObject({ status: 200 });
    await service.revoke(service.firstKey, id);
    const answers = await Promise.all(Array.from({ length: TRIES }, () => service.whoami(key)));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([401]));
  });
});
