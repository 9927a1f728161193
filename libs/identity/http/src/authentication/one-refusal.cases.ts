import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { TokenFormat } from '@feather-identity/core';
import { createTenant, type Host, startHost } from '../../testing/host.js';
import { E401, KEYS, rawWhoAmI, send, sendRaw } from '../../testing/requests.js';

const PUBLIC_PART = { start: 'fth_test_'.length, end: 'fth_test_'.length + 8 };
const SECRET = 's'.repeat(32);

/** A well-formed token with the public part of `key` and another secret. */
const withWrongSecret = (key: string) =>
  new TokenFormat('fth', 'test').compose(key.slice(PUBLIC_PART.start, PUBLIC_PART.end), SECRET).reveal();

/** Keys that must not be told apart from the outside. */
async function refusedKeys(host: Host): Promise<Record<string, string | null>> {
  const { key: admin, organization: active } = await createTenant(host);
  const create = async (body: object) =>
    (await send(host, 'POST', KEYS, { key: admin, body })).body as { id: string; plain_text_key: string };
  const revoked = await create({ name: 'revoked' });
  const expired = await create({ name: 'expired', expires_at: '2026-01-03T00:00:00Z' });
  await send(host, 'DELETE', `${KEYS}/${revoked.id}`, { key: admin });
  host.identity.clock.advance(48 * 3_600_000);
  const disabled = await createTenant(host, 'Disabled');
  host.identity.store.organizations.set(disabled.organization.id, {
    ...disabled.organization,
    disabledAt: new Date(0),
  });
  expect(host.identity.store.organizations.get(active.id)?.disabledAt).toBeNull();
  return {
    missing: null,
    malformed: 'junk',
    'bad checksum': `${admin.slice(0, -1)}${admin.endsWith('0') ? '1' : '0'}`,
    unknown: new TokenFormat('fth', 'test').compose('unknown0', SECRET).reveal(),
    'wrong secret': withWrongSecret(admin),
    revoked: revoked.plain_text_key,
    'revoked and wrong secret': withWrongSecret(revoked.plain_text_key),
    expired: expired.plain_text_key,
    'expired and wrong secret': withWrongSecret(expired.plain_text_key),
    'disabled organization': disabled.key,
    'foreign environment': new TokenFormat('fth', 'live').compose(admin.slice(9, 17), admin.slice(17, 49)).reveal(),
    'foreign namespace': new TokenFormat('acme', 'test').compose(admin.slice(9, 17), admin.slice(17, 49)).reveal(),
  };
}

describe('a refused key (AU4)', () => {
  let host: Host;
  let answers: Map<string, string>;

  beforeAll(async () => {
    host = await startHost();
    answers = new Map();
    for (const [what, key] of Object.entries(await refusedKeys(host))) {
      const answer = await sendRaw(host, rawWhoAmI(...(key === null ? [] : [`x-api-key: ${key}`])));
      answers.set(what, answer.replace(/\r\ndate: [^\r]*/i, ''));
    }
  });

  afterAll(() => host.app.close());

  it('is answered in the same bytes whatever is wrong with it', () => {
    for (const [one, answer] of answers) {
      for (const [other, otherAnswer] of answers) {
        expect({ pair: `${one} / ${other}`, answer }).toEqual({ pair: `${one} / ${other}`, answer: otherAnswer });
      }
    }
    expect(answers.size).toBe(12);
  });

  it('is answered by exactly this response', () => {
    const [head = '', body = ''] = (answers.get('revoked') ?? '').split('\r\n\r\n');
    const [status, ...headers] = head.split('\r\n').map((line) => line.toLowerCase());
    expect(status).toBe('http/1.1 401 unauthorized');
    expect(body).toBe(JSON.stringify(E401));
    expect(headers.sort()).toEqual([
      'cache-control: no-store',
      'connection: close',
      `content-length: ${body.length}`,
      'content-type: application/json',
      'www-authenticate: apikey realm="identity"',
      'x-content-type-options: nosniff',
    ]);
    expect(head).toMatch(/\r\nwww-authenticate: ApiKey realm="identity"\r\n/i);
  });
});
