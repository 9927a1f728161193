import { describe, expect, it } from '@jest/globals';
import { DATABASES } from './support/database.js';
import { Installation } from './support/installation.js';

const ROUNDS = 2;

describe.each(DATABASES)('a kill -9 on %s', (database) => {
  it('right after a 201 loses no key, and right after a 204 no revocation', async () => {
    const installation = await Installation.create(database);
    let service = await installation.start();
    const owner = service.firstKey;
    const restart = async (): Promise<void> => {
      await service.kill();
      service = await installation.start();
    };
    const revoked: string[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      const created = await service.newKey(owner);
      await restart();
      expect(await service.whoami(created.plain_text_key)).toMatchObject({ status: 200 });
      const { status } = await service.revoke(owner, created.id);
      await restart();
      revoked.push(created.plain_text_key);
      expect(status).toBe(204);
      for (const key of revoked) expect(await service.whoami(key)).toMatchObject({ status: 401 });
    }
    expect(await service.whoami(owner)).toMatchObject({ status: 200 });
  });
});
