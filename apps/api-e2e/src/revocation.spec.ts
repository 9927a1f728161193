import { describe, expect, it } from '@jest/globals';
import { DATABASES } from './support/database.js';
import { Installation } from './support/installation.js';

const ROUNDS = 50;

describe.each(DATABASES)('a revocation on %s (RV1)', (database) => {
  it('is effective for every request that starts after its 204', async () => {
    const service = await (await Installation.create(database)).start();
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
});
