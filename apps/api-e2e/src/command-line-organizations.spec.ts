import { beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { createOrganization, type CreatedOrganization, printedJson } from './support/command-line.js';
import { eventually } from './support/eventually.js';
import { Installation, WITHOUT_BCRYPT } from './support/installation.js';
import type { Service } from './support/service.js';

interface PrintedEvent {
  readonly type: string;
  readonly api_key_id: string | null;
  readonly changes: Readonly<Record<string, unknown>>;
}

describe('organizations, managed from the command line', () => {
  let installation: Installation;
  let services: Service[];
  let acme: CreatedOrganization;
  let names = 0;

  beforeAll(async () => {
    installation = await Installation.create('postgres', WITHOUT_BCRYPT);
    services = [await installation.start(), await installation.start()];
  });

  beforeEach(async () => {
    names += 1;
    acme = await createOrganization(installation, `Acme ${names}`);
  });

  const run = (...command: string[]) => installation.run(command);
  const json = async (...command: string[]) => printedJson(await run(...command, '--json'));
  const statuses = (token: string) =>
    Promise.all(services.map(async (service) => (await service.whoami(token)).status));
  const events = async (...options: string[]) =>
    (await json('audit', 'list', '--organization', acme.organization_id, ...options)) as PrintedEvent[];

  it('are disabled for the next request on every instance, and enabled again with the keys that they had', async () => {
    const { organization_name: name, organization_id: id, plain_text_key: token, api_key_id: keyId } = acme;
    expect(await statuses(token)).toEqual([200, 200]);
    const disabled = await run('organization', 'disable', name);
    expect(disabled).toEqual({ status: 0, stdout: `Disabled ${id} (${name}).\n`, stderr: '' });
    expect(await statuses(token)).toEqual([401, 401]);
    expect(await json('organization', 'show', name)).toMatchObject({
      id,
      is_active: false,
      disabled_at: expect.stringMatching(/Z$/),
    });
    const options = ['--organization', name];
    for (const made of [
      ['key', 'create', '--name', 'n', '--unrestricted', ...options],
      ['key', 'rotate', keyId, ...options],
    ]) {
      expect(await run(...made)).toEqual({
        status: 1,
        stdout: '',
        stderr: 'The organization is disabled: its keys are refused.\n',
      });
    }
    expect(await run('organization', 'enable', id)).toMatchObject({ status: 0, stdout: `Enabled ${id} (${name}).\n` });
    expect(await statuses(token)).toEqual([200, 200]);
    const types = (await events()).map(({ type, changes }) => [type, changes]);
    expect(types).toEqual([
      ['organization.created', expect.objectContaining({ name, first_key_scopes: ['*'] })],
      ['organization.disabled', { is_active: false }],
      ['organization.enabled', { is_active: true }],
    ]);
  });

  it('are renamed, for the next answer', async () => {
    const { organization_name: name, organization_id: id } = acme;
    expect(await run('organization', 'rename', name, `${name} Ltd`)).toMatchObject({
      status: 0,
      stdout: `Renamed ${id} to ${name} Ltd.\n`,
    });
    const answers = services.map(async (service) => (await service.whoami(acme.plain_text_key)).body);
    for (const body of await Promise.all(answers)) expect(body).toMatchObject({ organization_name: `${name} Ltd` });
    expect(await run('organization', 'rename', id, '')).toMatchObject({ status: 2, stdout: '' });
    expect(await events('--type', 'organization.updated')).toMatchObject([{ changes: { name: `${name} Ltd` } }]);
  });

  it('have a policy, which binds the next key that is made over HTTP', async () => {
    const options = ['--organization', acme.organization_id];
    const none = {
      max_lifetime_days: null,
      expiry_required: false,
      scopes_required: false,
      revoke_unused_after_days: null,
      revoke_descendants: false,
      rate_limit: null,
      quota: null,
    };
    expect(await json('policy', 'get', ...options)).toEqual(none);
    const set = ['policy', 'set', ...options, '--max-lifetime-days', '30', '--scopes-required', 'true'];
    expect(await json(...set)).toEqual({ ...none, max_lifetime_days: 30, scopes_required: true });
    const [service] = services;
    expect(await service?.create(acme.plain_text_key, { name: 'n', scopes: ['a:b'] })).toMatchObject({ status: 400 });
    expect(await json('policy', 'set', ...options, '--max-lifetime-days', 'none')).toEqual({
      ...none,
      scopes_required: true,
    });
    expect(await run('policy', 'set', ...options)).toMatchObject({ status: 2, stdout: '' });
    expect((await events('--type', 'policy.updated')).map(({ changes }) => changes)).toEqual([
      { max_lifetime_days: 30, scopes_required: true },
      { max_lifetime_days: null },
    ]);
  });

  it('have an audit log, oldest event first, of a type, a key and a time', async () => {
    const options = ['--organization', acme.organization_id];
    const create = ['key', 'create', ...options, '--name', 'deploy', '--scopes', 'a:b'];
    const { id } = (await json(...create)) as { id: string };
    await run('key', 'revoke', ...options, 'deploy');
    expect((await events()).map(({ type }) => type)).toEqual([
      'organization.created',
      'api_key.created',
      'api_key.revoked',
    ]);
    expect((await events('--key', 'deploy', '--since', '1h')).map((event) => event.api_key_id)).toEqual([id, id]);
    expect(await events('--since', '2099-01-01T00:00:00Z')).toEqual([]);
    const { stdout } = await run('audit', 'list', ...options, '--type', 'api_key.created');
    expect(stdout.split('\n').map((line) => line.split('\t'))).toEqual([
      [
        expect.stringMatching(/Z$/),
        'api_key.created',
        id,
        expect.stringMatching(/^operator/),
        expect.stringMatching(/^\{"name":"deploy",/),
      ],
      [''],
    ]);
    const csv = (await run('audit', 'list', ...options, '--csv')).stdout.split('\r\n');
    expect(csv[0]).toMatch(/^id,type,occurred_at,actor_type,.*,changes$/);
    expect(csv.slice(1)).toEqual([
      expect.stringContaining(',organization.created,'),
      expect.stringMatching(/,api_key\.created,.*,"\{""name"":""deploy"",.*\}"$/),
      expect.stringContaining(',api_key.revoked,'),
      '',
    ]);
    const [service] = services;
    await service?.create(acme.plain_text_key, { name: 'over HTTP' });
    const by = async (actor: string) => (await events('--actor', actor)).map((event) => event.type);
    expect(await by(acme.api_key_id)).toEqual(['api_key.created']);
    expect(await by('operator')).toEqual(['organization.created', 'api_key.created', 'api_key.revoked']);
    expect(await by(id)).toEqual([]);
    expect(await run('audit', 'list', ...options, '--actor', 'deploy')).toMatchObject({ status: 2 });
  });

  it('have an audit log that can be followed: each event once, whoever makes it', async () => {
    const options = ['--organization', acme.organization_id];
    const child = installation.begin(['audit', 'list', '--follow', '--json', ...options]);
    const types = () =>
      child.stdout
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => (JSON.parse(line) as PrintedEvent).type);
    await eventually(async () => types().length === 1);
    const [service] = services;
    const made = await service?.create(acme.plain_text_key, { name: 'over HTTP' });
    await eventually(async () => types().length === 2);
    await run('key', 'revoke', ...options, (made?.body as { id: string }).id);
    await eventually(async () => types().length === 3);
    await child.end('SIGTERM');
    expect(types()).toEqual(['organization.created', 'api_key.created', 'api_key.revoked']);
  });

  it('show the newest 100 events, and say that there are more', async () => {
    const { organization_id: id } = acme;
    const values = Array.from({ length: 100 }, (_, at) => {
      const event = `'0199d5a0-0000-7000-8000-${String(at).padStart(12, '0')}'`;
      return `('${id}', ${event}, 'api_key.updated', '2026-01-01 00:00:00.000', 'system', '{}')`;
    });
    const columns = '(organization_id, id, type, occurred_at, actor_type, changes)';
    await installation.database.query(`INSERT INTO audit_events ${columns} VALUES ${values.join(', ')}`);
    const { status, stdout, stderr } = await run('audit', 'list', '--organization', id);
    expect([status, stdout.split('\n').length, stderr]).toEqual([
      0,
      101,
      expect.stringMatching(/^Only the newest 100 /),
    ]);
    expect(await events('--since', '2020-01-01T00:00:00Z')).toHaveLength(101);
  });

  it('are deleted with their members and keys, counted, and their events can still be listed by the id', async () => {
    const { organization_id: id, organization_name: name, plain_text_key: token } = acme;
    const options = ['--organization', name];
    const added = await json('member', 'add', '--external-id', 'user_1', '--email', 'ada@example.com', ...options);
    expect(added).toMatchObject({ organization_id: id, clerk_user_id: 'user_1', role: 'org:member', is_active: true });
    expect(await statuses(token)).toEqual([200, 200]);
    expect(await run('organization', 'delete', name)).toMatchObject({ status: 2, stdout: '' });
    expect(await statuses(token)).toEqual([200, 200]);
    const deleted = await run('organization', 'delete', name, '--yes');
    expect(deleted).toEqual({ status: 0, stdout: `Deleted ${id} (${name}): 2 members, 1 keys.\n`, stderr: '' });
    expect(await statuses(token)).toEqual([401, 401]);
    expect(await run('organization', 'show', id)).toMatchObject({ status: 1 });
    const types = (await events()).map(({ type }) => type);
    expect(types).toEqual(['organization.created', 'member.created', 'organization.deleted']);
    const list = [...'audit list --organization'.split(' '), id, '--key'];
    expect(await run(...list, 'deploy')).toMatchObject({ status: 2, stderr: expect.stringContaining('whole id') });
    expect(await json(...list, acme.api_key_id)).toMatchObject([{ type: 'organization.created' }]);
    const several = await run('audit', 'list');
    expect(several).toMatchObject({ status: 2, stderr: expect.stringContaining(`${id}  ${name} (deleted)\n`) });
  });

  it('that are deleted are in the audit log beside the only one that is left, and named as deleted', async () => {
    const other = await (await Installation.create('sqlite', WITHOUT_BCRYPT)).prepare();
    const [gone, left] = [await createOrganization(other, 'Gone'), await createOrganization(other, 'Left')];
    await other.run(['organization', 'delete', 'Gone', '--yes']);
    const { stdout } = await other.run(['audit', 'list', '--type', 'organization.created']);
    expect(stdout.trimEnd().split('\n')).toEqual([
      expect.stringMatching(/\torganization\.created\t.*\tGone \(deleted\)$/),
      expect.not.stringContaining('(deleted)'),
    ]);
    const events = printedJson(await other.run(['audit', 'list', '--json'])) as { organization_id: string }[];
    expect(events.map(({ organization_id: id }) => id)).toEqual([
      gone.organization_id,
      left.organization_id,
      gone.organization_id,
    ]);
    await other.run(['organization', 'delete', 'Left', '--yes']);
    expect((await other.run(['audit', 'list'])).stdout).toMatch(/\tGone \(deleted\)\n.*\tLeft \(deleted\)\n/);
  });

  it('that have lost their owner get no key, and are told how to have one again', async () => {
    const { organization_id: id } = acme;
    const options = ['--organization', id];
    expect(await run('member', 'remove', 'owner', '--yes', ...options)).toMatchObject({ status: 0 });
    const refused = await run('key', 'create', '--name', 'n', '--unrestricted', ...options);
    const stderr = 'The organization has no owner: add a member with the role org:admin, or give one this role.\n';
    expect(refused).toEqual({ status: 1, stdout: '', stderr });
    await run('member', 'add', '--role', 'org:admin', '--external-id', 'user_1', ...options);
    expect(await run('key', 'create', '--name', 'n', '--unrestricted', ...options)).toMatchObject({ status: 0 });
  });

  it('have members whose keys are refused while they are disabled, and for good once they are removed', async () => {
    const { organization_name: name, plain_text_key: token } = acme;
    const options = ['--organization', name];
    expect(await json('member', 'list', ...options)).toMatchObject([{ clerk_user_id: 'owner', role: 'org:admin' }]);
    const [{ id = '' } = {}] = (await json('member', 'list', ...options)) as { id?: string }[];
    const disabled = await run('member', 'disable', 'owner', ...options);
    expect(disabled).toMatchObject({ status: 0, stdout: `Disabled ${id} (owner).\n` });
    expect(await statuses(token)).toEqual([401, 401]);
    expect(await run('key', 'create', '--name', 'n', '--unrestricted', ...options)).toMatchObject({
      status: 1,
      stderr: 'The owner is disabled: its keys are refused.\n',
    });
    await run('member', 'enable', id, ...options);
    expect(await statuses(token)).toEqual([200, 200]);
    const removed = await run('member', 'remove', 'owner', '--yes', ...options);
    expect(removed).toMatchObject({ status: 0, stdout: `Removed ${id} (owner).\n` });
    expect(await statuses(token)).toEqual([401, 401]);
    expect(await run('member', 'remove', 'owner', '--yes', ...options)).toMatchObject({
      status: 1,
      stderr: `No such member in "${name}": "owner"\n`,
    });
  });
});
