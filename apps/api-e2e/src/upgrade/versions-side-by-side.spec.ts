import { beforeAll, describe, expect, it } from '@jest/globals';
import { DATABASES } from '../support/database.js';
import { Installation } from '../support/installation.js';
import type { CreatedKey, Service } from '../support/service.js';
import { hasPreviousRelease, previousService } from './previous-release.js';

/** Skipped in a clone without the history that the release before is built from. */
const whereHistoryIs = hasPreviousRelease() ? describe : describe.skip;

whereHistoryIs.each(DATABASES)('the release before this one, on %s', (database) => {
  let installation: Installation;
  let previous: Service;
  let current: Service;
  let key: string;

  beforeAll(async () => {
    installation = await Installation.create(database);
    previous = await installation.start({}, previousService());
    key = previous.firstKey;
    await previous.newKey(key, 'from before');
    current = await installation.start();
  });

  const send = (service: Service, path: string, method: string, body?: unknown) =>
    service.send(`/v1/identity/${path}`, { method, headers: { 'x-api-key': key }, body });

  async function worksBeside(one: Service, other: Service): Promise<void> {
    const made = await one.newKey(key);
    expect(await one.send('/readyz')).toMatchObject({ status: 200 });
    for (const each of [one, other]) {
      expect(await each.whoami(made.plain_text_key)).toMatchObject({ status: 200 });
      expect((await each.list(key)).map(({ id }) => id)).toContain(made.id);
    }
    expect(await send(one, 'api-keys/verify', 'POST', { key: made.plain_text_key })).toMatchObject({
      body: { valid: true },
    });
    expect(await send(one, `api-keys/${made.id}`, 'PATCH', { name: 'changed' })).toMatchObject({ status: 200 });
    const rotated = await send(one, `api-keys/${made.id}/rotate`, 'POST', {});
    const { plain_text_key: next } = rotated.body as CreatedKey;
    for (const each of [one, other]) {
      expect(await each.whoami(made.plain_text_key)).toMatchObject({ status: 401 });
      expect(await each.whoami(next)).toMatchObject({ status: 200 });
    }
    expect(await send(one, `audit-events?api_key_id=${made.id}`, 'GET')).toMatchObject({
      body: { items: { length: 3 } },
    });
    const tokens = [next];
    for (let rotation = 0; rotation < 2; rotation += 1) {
      const again = await send(one, `api-keys/${made.id}/rotate`, 'POST', {});
      tokens.push((again.body as CreatedKey).plain_text_key);
    }
    // The release before removes the first secret too, which no event of its names: nobody can find that one.
    for (const token of one === previous ? tokens : [made.plain_text_key, ...tokens]) {
      const query = `key_prefix=${token.slice(0, -38)}`;
      expect(await send(current, `api-keys?${query}`, 'GET')).toMatchObject({ body: [{ id: made.id }] });
      expect(await send(current, `audit-events?${query}`, 'GET')).toMatchObject({ body: { items: { length: 5 } } });
    }
    expect(await one.revoke(key, made.id)).toMatchObject({ status: 204 });
    for (const each of [one, other]) expect(await each.whoami(tokens.at(-1) ?? '')).toMatchObject({ status: 401 });
  }

  it('goes on with all that it does after this one has migrated, and each sees what the other did', async () => {
    await worksBeside(previous, current);
    await worksBeside(current, previous);
  });

  it('can be started again, and rolled back to', async () => {
    await previous.stop();
    await current.stop();
    previous = await installation.start({}, previousService());
    current = await installation.start();
    await worksBeside(previous, current);
  });
});
