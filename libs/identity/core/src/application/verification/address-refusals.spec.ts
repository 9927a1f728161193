import { expect, it } from '@jest/globals';
import { Tenant } from '../../testing/tenant.js';
import { testCaller } from '../../testing/test-caller.js';

const HOUR = 3_600_000;

it('records one event an hour for each key that is shown from a wrong address, with the first address', async () => {
  const { identity, organization } = await Tenant.create();
  const { addressRefusals, writeBehind, store, clock } = identity;
  const [one, other] = [testCaller({ organization }), testCaller({ organization })];
  const show = (caller: typeof one, sourceAddress: string | null) =>
    addressRefusals.record(caller, { requestId: 'request-1', sourceAddress });
  const recorded = async () => {
    await writeBehind.flush();
    return store.auditEvents.slice(1).map(({ type, apiKeyId, actor }) => [type, apiKeyId, actor.sourceAddress]);
  };
  for (let time = 0; time < 1000; time += 1) show(one, `192.0.2.${time % 250}`);
  show(other, null);
  const first = [
    ['api_key.address_refused', one.apiKey.id, '192.0.2.0'],
    ['api_key.address_refused', other.apiKey.id, null],
  ];
  expect(await recorded()).toEqual(first);
  clock.advance(HOUR - 1);
  show(one, '192.0.2.1');
  expect(await recorded()).toEqual(first);
  clock.advance(1);
  show(one, '192.0.2.2');
  const all = [...first, ['api_key.address_refused', one.apiKey.id, '192.0.2.2']];
  expect(await recorded()).toEqual(all);
  show(testCaller(), null);
  await expect(writeBehind.flush()).rejects.toThrow('no stored organization');
  expect(await recorded()).toEqual(all);
});
