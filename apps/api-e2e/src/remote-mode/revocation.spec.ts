import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import { Installation, WITHOUT_BCRYPT } from '../support/installation.js';
import { Lanes } from './lanes.js';

const ROUNDS = 3;
const LANES = 4;
const LATER_MS = 300;

describe('a revocation at a service', () => {
  it.each([0, 1])('is refused elsewhere after %d s at the latest, however the key is used, and for good', async (s) => {
    const installation = await Installation.create('sqlite', WITHOUT_BCRYPT);
    const service = await installation.start();
    const options = { baseUrl: service.url, apiKey: service.firstKey, maxStalenessSeconds: s, deadlineSeconds: 10 };
    const app = await installation.startGuarded(options);
    for (let round = 0; round < ROUNDS; round += 1) {
      const { id, plain_text_key: key } = await service.newKey(service.firstKey);
      const lanes = new Lanes(app, Array<string>(LANES).fill(key));
      await sleep(LATER_MS);
      expect(await service.revoke(service.firstKey, id)).toMatchObject({ status: 204 });
      const revoked = performance.now();
      await sleep(s * 1000 + LATER_MS);
      const exchanges = await lanes.end();
      expect(exchanges.some(({ status, ended }) => status === 200 && ended < revoked)).toBe(true);
      const late = exchanges.filter(({ begun }) => begun >= revoked + s * 1000);
      expect(new Set(late.map(({ status }) => status))).toEqual(new Set([401]));
    }
  });
});

it('a revocation that an application knows of holds while the service is gone, and its other keys go on', async () => {
  const installation = await Installation.create('sqlite');
  const service = await installation.start();
  const owner = service.firstKey;
  const app = await installation.startGuarded({
    baseUrl: service.url,
    apiKey: owner,
    maxStalenessSeconds: 0.5,
    staleIfErrorSeconds: 60,
  });
  const { id, plain_text_key: revoked } = await service.newKey(owner);
  const { plain_text_key: good } = await service.newKey(owner);
  const { plain_text_key: unused } = await service.newKey(owner);
  const ask = async () => {
    const answers = await Promise.all([revoked, good, unused].map((key) => app.ask(key)));
    return answers.map(({ status }) => status);
  };
  for (const key of [revoked, good]) expect(await app.ask(key)).toMatchObject({ status: 200 });
  await service.revoke(owner, id);
  await sleep(500);
  expect(await app.ask(revoked)).toMatchObject({ status: 401 });
  await service.kill();
  await sleep(500);
  for (let round = 0; round < 2; round += 1) expect(await ask()).toEqual([503, 200, 503]);
  await installation.start({ PORT: new URL(service.url).port });
  await sleep(1000);
  expect(await ask()).toEqual([401, 200, 200]);
});
