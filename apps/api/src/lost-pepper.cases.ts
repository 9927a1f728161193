import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { generatePepper } from '@feather-identity/infra';
import { DATABASES, emptyDatabase } from '../testing/databases.js';
import { environment } from '../testing/environment.js';
import { send, WHOAMI } from '../testing/requests.js';
import { createTenant, type Service, startServiceIn } from '../testing/service.js';

describe.each(DATABASES)('a service on %s that lost its pepper', (type) => {
  let service: Service;
  let key: string;

  beforeAll(async () => {
    const DATABASE_URL = await emptyDatabase(type, process.env);
    const before = await startServiceIn(environment({ DATABASE_URL }));
    ({ key } = await createTenant(before));
    await before.close();
    service = await startServiceIn(environment({ DATABASE_URL, SECRET_PEPPERS: generatePepper(1) }));
  });

  afterAll(() => service.close());

  it('accepts the key by one bcrypt check, and by none from then on', async () => {
    for (const checks of [1, 1]) {
      expect((await send(service, 'GET', WHOAMI, { key })).status).toBe(200);
      expect(service.identity.hashingQueue.checks).toBe(checks);
    }
  });
});
