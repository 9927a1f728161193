import { beforeAll, describe, expect, it } from '@jest/globals';
import { DATABASES } from './support/database.js';
import { Installation } from './support/installation.js';
import type { CreatedKey, Service } from './support/service.js';
import { partsOf, wellFormed } from './support/tokens.js';

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
const UTC = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{6})?Z$/;

describe.each(DATABASES)('the first session of a newcomer on %s', (database) => {
  let installation: Installation;
  let service: Service;
  let key: CreatedKey;

  beforeAll(async () => {
    installation = await Installation.create(database);
    service = await installation.start();
  });

  it('begins with exactly one printed key and a link to the console', async () => {
    await service.printsLink();
    const lines = service.output.split('\n').filter((line) => line !== '' && !line.startsWith('{'));
    expect(lines).toEqual([
      expect.stringMatching(/^API key \(shown once\): fth_live_[0-9A-Za-z]{46}$/),
      expect.stringMatching(/^Console \(.*\): http:\/\/localhost:\d+\/console\/sign-in#code=[\w-]{43}$/),
    ]);
  });

  it('creates a key with the fields of the contract', async () => {
    const answer = await service.create(service.firstKey, { name: 'My first key' });
    expect(answer.status).toBe(201);
    expect(answer.headers['cache-control']).toBe('no-store');
    key = answer.body as CreatedKey;
    expect(key).toEqual({
      id: expect.stringMatching(UUID),
      name: 'My first key',
      description: null,
      labels: [],
      metadata: null,
      key_prefix: key.plain_text_key.slice(0, 17),
      scopes: [],
      unrestricted: true,
      is_active: true,
      last_used_at: null,
      last_used_from: null,
      usage_30d: { accepted: 0, refused: 0 },
      expires_at: null,
      created_at: expect.stringMatching(UTC),
      created_by: { type: 'api_key', api_key_id: expect.stringMatching(UUID), user_id: null },
      plain_text_key: expect.stringMatching(/^fth_live_[0-9A-Za-z]{46}$/),
    });
  });

  it('gets a token with the documented checksum', () => {
    expect(wellFormed(partsOf(key.plain_text_key))).toBe(key.plain_text_key);
  });

  it('is told who the new key belongs to', async () => {
    const answer = await service.whoami(key.plain_text_key);
    expect(answer.status).toBe(200);
    expect(answer.body).toEqual({
      user_id: expect.stringMatching(UUID),
      clerk_user_id: 'owner',
      email: null,
      display_name: 'Owner',
      role: 'org:admin',
      organization_id: expect.stringMatching(UUID),
      organization_name: 'Default organization',
      kb_clearance_level: 0,
      kb_acl_enabled: false,
      is_internal: false,
      api_key: { id: key.id, name: 'My first key', key_prefix: key.key_prefix, scopes: [], expires_at: null },
    });
  });

  it('lists the new key first and no secret', async () => {
    const keys = await service.list(service.firstKey);
    const { plain_text_key: secret, ...listed } = key;
    expect(keys.map(({ name }) => name)).toEqual(['My first key', 'Owner key']);
    expect(keys[0]).toEqual(listed);
    expect(JSON.stringify(keys)).not.toContain(partsOf(secret).secret);
  });

  it('revokes the key, which is refused from then on and cannot be revoked twice', async () => {
    expect(await service.revoke(service.firstKey, key.id)).toMatchObject({ status: 204, text: '' });
    expect(await service.whoami(key.plain_text_key)).toMatchObject({ status: 401 });
    expect(await service.revoke(service.firstKey, key.id)).toMatchObject({ status: 404 });
    expect((await service.list(service.firstKey)).map(({ name }) => name)).toEqual(['Owner key']);
  });

  it('keeps its keys over a restart, which prints none', async () => {
    const { plain_text_key: kept } = await service.newKey(service.firstKey);
    const { status } = await service.stop();
    const restarted = await installation.start();
    expect(status).toBe(0);
    expect(restarted.printedKeys).toEqual([]);
    expect(restarted.output).not.toContain('fth_live_');
    expect(await restarted.whoami(kept)).toMatchObject({ status: 200 });
    expect(await restarted.whoami(service.firstKey)).toMatchObject({ status: 200 });
    expect(await restarted.whoami(key.plain_text_key)).toMatchObject({ status: 401 });
  });
});
