import { beforeAll, describe, expect, it } from '@jest/globals';
import { createOrganization, type CreatedOrganization, printedJson } from './support/command-line.js';
import { DATABASES } from './support/database.js';
import { Installation } from './support/installation.js';
import type { CreatedKey, ListedKey, Service } from './support/service.js';
import { partsOf } from './support/tokens.js';

const UNKNOWN = '0199d5a0-0000-7000-8000-000000000000';

describe.each(DATABASES)('the command line beside a running service on %s', (database) => {
  let installation: Installation;
  let service: Service;
  let acme: CreatedOrganization;
  let organization: string[];

  beforeAll(async () => {
    installation = await Installation.create(database);
    service = await installation.start();
    acme = await createOrganization(installation, 'Acme');
    organization = ['--organization', acme.organization_id];
  });

  it('creates an organization whose key works at once', async () => {
    const answer = await service.whoami(acme.plain_text_key);
    expect(answer).toMatchObject({ status: 200, body: { organization_name: 'Acme', role: 'org:admin' } });
    expect(answer.body).toMatchObject({ organization_id: acme.organization_id, api_key: { id: acme.api_key_id } });
  });

  it('lists the organizations, for programs and for people', async () => {
    const listed = printedJson(await installation.run(['organization', 'list', '--json']));
    const readable = await installation.run(['organization', 'list']);
    expect(listed).toMatchObject([
      { name: 'Default organization' },
      { id: acme.organization_id, name: 'Acme', created_at: expect.stringMatching(/Z$/) },
    ]);
    expect(readable).toMatchObject({ status: 0, stderr: '' });
    expect(readable.stdout).toContain(acme.organization_id);
  });

  it('creates a key, lists it without its secret and revokes it for the next request', async () => {
    const create = ['key', 'create', ...organization, '--name', 'Break-glass', '--unrestricted', '--json'];
    const created = printedJson(await installation.run(create)) as CreatedKey;
    const listed = await installation.run(['key', 'list', ...organization, '--json']);
    expect(await service.whoami(created.plain_text_key)).toMatchObject({ status: 200 });
    expect((printedJson(listed) as ListedKey[]).map(({ name }) => name)).toEqual(['Break-glass', 'Owner key']);
    expect(listed.stdout).not.toContain(partsOf(created.plain_text_key).secret);

    const revoked = await installation.run(['key', 'revoke', created.id, ...organization]);
    expect(await service.whoami(created.plain_text_key)).toMatchObject({ status: 401 });
    expect(revoked).toMatchObject({ status: 0, stderr: '' });
    expect(await installation.run(['key', 'revoke', created.id, ...organization])).toMatchObject({ status: 1 });
  });

  it('makes a key for an organization that has revoked the last one that could (AZ8)', async () => {
    const locked = await createOrganization(installation, 'Locked out');
    const { plain_text_key: left } = (
      await service.create(locked.plain_text_key, { name: 'Left', scopes: ['orders:read'] })
    ).body as CreatedKey;
    expect(await service.revoke(locked.plain_text_key, locked.api_key_id)).toMatchObject({ status: 204 });
    expect(await service.create(left, { name: 'More' })).toMatchObject({ status: 403 });
    const create = [
      'key',
      'create',
      '--organization',
      locked.organization_id,
      '--name',
      'Break-glass',
      '--unrestricted',
      '--json',
    ];
    const { plain_text_key: made } = printedJson(await installation.run(create)) as CreatedKey;
    expect(await service.create(made, { name: 'More' })).toMatchObject({ status: 201 });
    expect((await service.list(made)).map(({ name }) => name)).toEqual(['More', 'Break-glass', 'Left']);
  });

  it('records what it did as the operator', async () => {
    const other = await createOrganization(installation, 'Recorded');
    const options = ['--organization', other.organization_id];
    const create = ['key', 'create', ...options, '--name', 'Break-glass', '--unrestricted', '--json'];
    const { id } = printedJson(await installation.run(create)) as CreatedKey;
    await installation.run(['key', 'revoke', id, ...options]);
    const headers = { 'x-api-key': other.plain_text_key };
    const { body } = await service.send('/v1/identity/audit-events', { headers });
    const operator = { actor_type: 'operator', actor_api_key_id: null, actor_user_id: null, request_id: null };
    expect(body).toMatchObject({
      items: [
        { type: 'api_key.revoked', api_key_id: id, ...operator },
        { type: 'api_key.created', api_key_id: id, ...operator },
        { type: 'organization.created', api_key_id: other.api_key_id, ...operator },
      ],
    });
  });

  it('revokes no key of another organization', async () => {
    const { id, plain_text_key: key } = await service.newKey(service.firstKey);
    const refused = await installation.run(['key', 'revoke', id, ...organization]);
    expect(refused).toEqual({ status: 1, stdout: '', stderr: expect.stringMatching(/^[^\n]+\n$/) });
    expect(await service.whoami(key)).toMatchObject({ status: 200 });
  });

  it.each(['key create --name n --unrestricted', 'key list', `key revoke ${UNKNOWN}`])(
    'answers an unknown organization with one line and status 1: %s',
    async (command) => {
      const outcome = await installation.run([...command.split(' '), '--organization', UNKNOWN]);
      expect(outcome).toEqual({ status: 1, stdout: '', stderr: expect.stringMatching(/^No such [^\n]+\n$/) });
    },
  );

  it('migrates an empty database and a migrated one again, and says which it was', async () => {
    const empty = await Installation.create(database);
    const says = [
      [empty, database === 'sqlite' ? 'The database was created: ' : 'The tables were created: '],
      [empty, 'The database is up to date: '],
      [installation, 'The database is up to date: '],
    ] as const;
    for (const [each, said] of says) {
      const { status, stdout, stderr } = await each.run(['migrate']);
      expect({ status, stdout, stderr }).toEqual({ status: 0, stdout: expect.stringContaining(said), stderr: '' });
    }
    expect(await empty.database.dump()).toMatch(/api_keys: \[\]/);
  });
});
