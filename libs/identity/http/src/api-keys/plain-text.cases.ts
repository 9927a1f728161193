import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createTenant, type Host, startHost, type Tenant } from '../../testing/host.js';
import { create, created, secretPart } from '../../testing/keys.js';
import { type Answer, KEYS, send, WHOAMI } from '../../testing/requests.js';

const shown = ({ status, text, headers }: Answer) => `${status} ${text} ${JSON.stringify([...headers])}`;

describe('the plain text of a key (KH10)', () => {
  let host: Host;
  let tenant: Tenant;

  beforeAll(async () => {
    host = await startHost();
    tenant = await createTenant(host);
  });

  afterAll(() => host.app.close());

  it('stands in the 201 that made the key, once', async () => {
    const { text, body } = await create(host, tenant.key);
    const { plain_text_key: key } = body as { plain_text_key: string };
    expect(text.split(secretPart(key))).toHaveLength(2);
  });

  it('stands in no other response and in nothing that is logged', async () => {
    const first = await created(host, tenant.key, { name: 'first' });
    const key = first.plain_text_key;
    const second = await create(host, key, { name: 'first' });
    host.apiKeys.failures.set('insert', new Error('insert failed'));
    const failed = await create(host, key);
    host.apiKeys.failures.clear();
    const answers = [
      second,
      failed,
      await create(host, key, { name: '' }),
      await create(host, key, { name: 'CI', expires_at: '2000-01-01' }),
      await send(host, 'GET', WHOAMI, { key }),
      await send(host, 'GET', KEYS, { key }),
      await send(host, 'GET', `/nowhere?key=${key}`, { key }),
      await send(host, 'PUT', KEYS, { key }),
      await send(host, 'DELETE', `${KEYS}/${first.id}`, { key }),
      await send(host, 'GET', WHOAMI, { key }),
      await send(host, 'GET', KEYS, { key: tenant.key }),
    ];
    expect(answers.map(({ status }) => status)).toEqual([201, 500, 422, 400, 200, 200, 404, 405, 204, 401, 200]);
    const secondKey = (second.body as { plain_text_key: string }).plain_text_key;
    for (const secret of [key, tenant.key].map(secretPart)) {
      expect(answers.map(shown).filter((text) => text.includes(secret))).toEqual([]);
    }
    expect(answers.slice(1).map(shown).join()).not.toContain(secretPart(secondKey));
    expect(answers.slice(1).map(shown).join()).not.toContain('plain_text_key');
    expect(host.logger.lines.join()).toContain('insert failed');
    for (const secret of [key, secondKey, tenant.key].map(secretPart)) {
      expect(host.logger.lines.join()).not.toContain(secret);
    }
  });
});
