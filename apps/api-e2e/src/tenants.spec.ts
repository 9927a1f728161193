import { randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { DATABASES } from './support/database.js';
import type { Answer } from './support/http.js';
import { createOrganization, type CreatedOrganization } from './support/command-line.js';
import { Installation } from './support/installation.js';
import { expectRefusal } from './support/refusal.js';
import type { CreatedKey, Service } from './support/service.js';

const KEYS = '/v1/identity/api-keys';
const KEYS_EACH = 5;

describe.each(DATABASES)('two organizations on %s', (database) => {
  let service: Service;
  let ours: CreatedOrganization;
  let theirs: CreatedOrganization;
  const ourIds = new Set<string>();
  const theirKeys: CreatedKey[] = [];

  beforeAll(async () => {
    const installation = await Installation.create(database);
    service = await installation.start();
    [ours, theirs] = await Promise.all([
      createOrganization(installation, 'Ours'),
      createOrganization(installation, 'Theirs'),
    ]);
    ourIds.add(ours.api_key_id);
    for (let round = 0; round < KEYS_EACH; round++) {
      ourIds.add((await service.newKey(ours.plain_text_key)).id);
      theirKeys.push(await service.newKey(theirs.plain_text_key));
    }
  });

  const idsIn = ({ body }: Answer): Set<string> => new Set((body as CreatedKey[]).map(({ id }) => id));

  it("cannot revoke each other's keys, which look like keys that never existed (AZ1)", async () => {
    const [foreign] = theirKeys as [CreatedKey];
    const refused = await service.revoke(ours.plain_text_key, foreign.id);
    const unknown = await service.revoke(ours.plain_text_key, randomUUID());
    expect([refused.status, refused.text]).toEqual([404, unknown.text]);
    expect(JSON.parse(refused.text)).toMatchObject({ error: 'not_found' });
    expect(await service.whoami(foreign.plain_text_key)).toMatchObject({ status: 200 });
    expect((await service.list(theirs.plain_text_key)).map(({ id }) => id)).toContain(foreign.id);
  });

  it('see their own keys alone, newest first (AZ2)', async () => {
    const listed = await service.list(ours.plain_text_key);
    expect(new Set(listed.map(({ id }) => id))).toEqual(ourIds);
    expect(listed.map(({ id }) => id)).toEqual([...ourIds].reverse());
  });

  it.each(['organization_id', 'org_id', 'organizationId', 'tenant'])(
    'cannot ask for the keys of the other by a query or body of %s (AZ2)',
    async (field) => {
      const headers = { 'x-api-key': ours.plain_text_key };
      const id = theirs.organization_id;
      expect(idsIn(await service.send(`${KEYS}?${field}=${id}`, { headers }))).toEqual(ourIds);
      expect(idsIn(await service.send(KEYS, { headers, body: { [field]: id } }))).toEqual(ourIds);
      expect(
        idsIn(await service.send(KEYS, { headers: { ...headers, [`x-${field.replace('_', '-')}`]: id } })),
      ).toEqual(ourIds);
    },
  );

  const fields = (): Readonly<Record<string, unknown>> => ({
    organization_id: theirs.organization_id,
    org_id: theirs.organization_id,
    member_id: randomUUID(),
    user_id: randomUUID(),
    id: theirKeys[0]!.id,
    is_active: false,
    revoked_at: '2020-01-01T00:00:00Z',
    key_hash: 'x',
    key_prefix: theirKeys[0]!.key_prefix,
    plain_text_key: theirKeys[0]!.plain_text_key,
    unrestricted: false,
    __proto__: { admin: true },
  });

  it('get no key by naming an organization without a key (AU7)', async () => {
    for (const [field, value] of Object.entries(fields())) {
      expectRefusal(await service.send(KEYS, { method: 'POST', body: { name: 'n', [field]: value } }));
    }
  });

  it('keep what they create, whatever else the body says (AU7)', async () => {
    const created = (await service.create(ours.plain_text_key, { name: 'Ours for sure', ...fields() }))
      .body as CreatedKey;
    expect(created).toMatchObject({ name: 'Ours for sure', is_active: true, scopes: [] });
    expect(theirKeys.map(({ id }) => id)).not.toContain(created.id);
    expect((await service.whoami(created.plain_text_key)).body).toMatchObject({
      organization_id: ours.organization_id,
    });
    expect((await service.list(theirs.plain_text_key)).map(({ id }) => id)).not.toContain(created.id);
  });
});
