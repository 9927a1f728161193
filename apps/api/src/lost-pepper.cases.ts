import { setImmediate as nextTurn } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { WriteBehind } from '@feather-identity/core';
import {
  generatePepper,
  PepperRing,
  readKeySettings,
  rememberKeySettings,
  readHeldLeases,
} from '@feather-identity/infra';
import { DATABASES, emptyDatabase } from '../testing/databases.js';
import { environment } from '../testing/environment.js';
import { created, KEYS, send, WHOAMI } from '../testing/requests.js';
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

describe.each(DATABASES)('an instance on %s that runs on while other peppers are accepted', (type) => {
  const [LOST, OLD, NEW] = [generatePepper(1), generatePepper(1), generatePepper(2)];
  const idOf = (pepper: string) => PepperRing.parse(pepper).current.id;
  let service: Service;
  let key: string;

  beforeAll(async () => {
    const DATABASE_URL = await emptyDatabase(type, process.env);
    const startWith = (SECRET_PEPPERS: string) =>
      startServiceIn(environment({ DATABASE_URL, SECRET_PEPPERS, SECRET_HASHER: 'hmac-sha256' }));
    const before = await startWith(OLD);
    ({ key } = await createTenant(before));
    await before.close();
    service = await startWith(`${LOST},${OLD}`);
  });

  afterAll(() => service.close());

  const remember = async (...peppers: string[]) => {
    const { dataSource } = service.identity;
    const settings = { keyNamespace: 'fth', keyEnvironment: 'live', pepperIds: peppers.map(idOf) };
    expect(await rememberKeySettings(dataSource, settings, await readKeySettings(dataSource))).toBe(true);
  };

  const changes = async (id: string) => {
    const answers = [
      await send(service, 'POST', KEYS, { key, body: { name: 'CI' } }),
      await send(service, 'POST', `${KEYS}/${id}/rotate`, { key }),
    ];
    return answers.map(({ status }) => status);
  };

  it('makes and rotates no key, proves none anew, is not ready and says why; other requests are served', async () => {
    await remember(LOST, OLD);
    const { id } = await created(service, key);
    expect(await changes(id)).toEqual([201, 200]);
    expect((await send(service, 'GET', '/readyz')).status).toBe(200);

    const { dataSource } = service.identity;
    // What `migrate --accept-peppers` warns of. A lease begins in the background.
    while (type === 'postgres' && (await readHeldLeases(dataSource)).held < 1) await nextTurn();
    await remember(NEW, OLD);
    const stored = () =>
      service.identity.dataSource.query<unknown[]>('SELECT id, key_prefix, proof FROM api_key_secrets ORDER BY id');
    const secrets = await stored();
    const patience = { status: 503, body: { error: 'service_unavailable', retryable: true, retry_after: 1 } };
    const answer = await send(service, 'POST', KEYS, { key, body: { name: 'CI' } });
    expect(answer).toMatchObject(patience);
    expect(answer.text).not.toContain('pepper');
    expect(await changes(id)).toEqual([503, 503]);
    await expect(createTenant(service)).rejects.toMatchObject({ code: 'storage.unavailable' });
    expect(service.log.text).toContain(`under the pepper ${idOf(LOST)}, which the database does not list any more`);
    expect(service.log.text).toContain('Restart it with the peppers of the others');

    expect((await send(service, 'GET', WHOAMI, { key })).status).toBe(200);
    await service.app.get(WriteBehind).flush();
    expect(await stored()).toEqual(secrets);
    expect(await send(service, 'GET', '/readyz')).toMatchObject({
      status: 503,
      body: { message: 'Other peppers were accepted while this instance ran: restart it with them.' },
    });
    expect(await send(service, 'PATCH', `${KEYS}/${id}`, { key, body: { name: 'Renamed' } })).toMatchObject({
      status: 200,
    });
  });

  it('makes no key either while the next start is to bring the new pepper', async () => {
    await remember(LOST, OLD);
    const { id } = await created(service, key);
    await remember();
    expect(await changes(id)).toEqual([503, 503]);
  });
});
