import { beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { createOrganization, type CreatedOrganization, printedJson } from './support/command-line.js';
import { DATABASES } from './support/database.js';
import { Installation, WITHOUT_BCRYPT } from './support/installation.js';
import type { CreatedKey, ListedKey, Service } from './support/service.js';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

describe.each(DATABASES)('keys, managed from the command line on %s', (database) => {
  let installation: Installation;
  let service: Service;
  let acme: CreatedOrganization;
  let names = 0;

  beforeAll(async () => {
    installation = await Installation.create(database, WITHOUT_BCRYPT);
    service = await installation.start();
  });

  beforeEach(async () => {
    names += 1;
    acme = await createOrganization(installation, `Acme ${names}`);
  });

  const run = (...command: string[]) => installation.run([...command, '--organization', acme.organization_name]);
  const json = async (...command: string[]) => printedJson(await run(...command, '--json'));
  const create = async (name: string, ...options: string[]) =>
    (await json('key', 'create', '--name', name, ...options)) as CreatedKey & ListedKey;
  const list = async (...options: string[]) =>
    ((await json('key', 'list', ...options)) as ListedKey[]).map(({ name }) => name);
  const status = async (token: string) => (await service.whoami(token)).status;

  it('are created with the scopes and the end that are named, as over HTTP', async () => {
    const before = Date.now();
    const created = await create('deploy', '--scopes', 'orders:read,orders:write', '--expires-at', '90d');
    const end = Date.parse(String(created.expires_at)) - 90 * DAY_MS;
    expect(end).toBeGreaterThanOrEqual(before - 1000);
    expect(end).toBeLessThanOrEqual(Date.now() + 1000);
    const { plain_text_key: _token, ...shown } = created;
    const answer = await service.send(`/v1/identity/api-keys/${created.id}`, {
      headers: { 'x-api-key': acme.plain_text_key },
    });
    expect(Object.keys(answer.body as object)).toEqual(expect.arrayContaining(Object.keys(shown)));
    expect(answer.body).toMatchObject({ scopes: ['orders:read', 'orders:write'], unrestricted: false });
    expect(await service.create(created.plain_text_key, { name: 'More' })).toMatchObject({ status: 403 });

    const until = await create('until', '--scopes', '*', '--expires-at', '2099-01-31T12:00:00+01:00');
    expect(until).toMatchObject({ scopes: ['*'], unrestricted: false, expires_at: '2099-01-31T11:00:00.000Z' });
  });

  it.each([
    [['--scopes', ''], 2, /argument '' is invalid\. It must name scopes/],
    [['--scopes', 'orders'], 2, /^scopes\[0\] has no ":"\. A scope is resource:action, /],
    [['--scopes', 'a:b', '--unrestricted'], 2, /cannot be used with/],
    [[], 2, /^error: say what the key may do, by --scopes, or that it may do everything, by --unrestricted /],
    [['--unrestricted', '--expires-at', '2020-01-01T00:00:00Z'], 2, /^expires_at must lie in the future\./],
  ])('are not created by %j: nothing is granted by a slip', async (options, code, reason) => {
    const refused = await run('key', 'create', '--name', 'slip', ...options);
    expect(refused).toEqual({ status: code, stdout: '', stderr: expect.stringMatching(reason) });
    expect(refused.stderr).toMatch(/^[^\n]+\(see: node [^\n]+cli\.js key create --help\)\n$/);
    expect(await list()).toEqual(['Owner key']);
  });

  it('are rotated: the earlier token stays valid for the grace period, or ends at once', async () => {
    const first = await create('deploy', '--unrestricted');
    const before = Date.now();
    const second = (await json('key', 'rotate', 'deploy', '--grace', '1h')) as CreatedKey & Record<string, string>;
    expect(second).toMatchObject({ id: first.id, name: 'deploy' });
    const end = Date.parse(String(second['previous_secret_expires_at'])) - HOUR_MS;
    expect(Math.abs(end - before)).toBeLessThan(60_000);
    expect([await status(first.plain_text_key), await status(second.plain_text_key)]).toEqual([200, 200]);
    const third = (await json('key', 'rotate', first.id)) as CreatedKey;
    const tokens = [first, second, third].map(({ plain_text_key: token }) => status(token));
    expect(await Promise.all(tokens)).toEqual([401, 401, 200]);
    expect(await run('key', 'rotate', 'deploy', '--grace', '31d')).toMatchObject({ status: 2, stdout: '' });
  });

  it('are not rotated while their member is disabled: the new token would be refused', async () => {
    const { plain_text_key: token } = await create('deploy', '--unrestricted');
    const [member] = (await json('member', 'list')) as [{ id: string }];
    await run('member', 'disable', member.id);
    expect(await run('key', 'rotate', 'deploy')).toMatchObject({
      status: 1,
      stdout: '',
      stderr: 'The member of the key is disabled: its keys are refused. Enable the member first.\n',
    });
    await run('member', 'enable', member.id);
    expect(await status(token)).toBe(200);
  });

  it('are disabled and enabled for the next request, renamed and shown', async () => {
    const { id, plain_text_key: token } = await create('deploy', '--unrestricted');
    expect(await run('key', 'disable', 'deploy')).toEqual({
      status: 0,
      stdout: `Disabled ${id} (deploy).\n`,
      stderr: '',
    });
    expect(await status(token)).toBe(401);
    expect(await run('key', 'enable', id)).toMatchObject({ status: 0, stdout: `Enabled ${id} (deploy).\n` });
    expect(await status(token)).toBe(200);
    expect(await run('key', 'rename', id, 'deploy eu')).toMatchObject({ stdout: `Renamed ${id} to deploy eu.\n` });
    expect(await json('key', 'show', 'deploy eu')).toMatchObject({
      id,
      name: 'deploy eu',
      is_active: true,
      revoked_at: null,
      previous_secret_expires_at: null,
    });
    expect(await run('key', 'rename', id, '')).toMatchObject({ status: 2, stdout: '' });
  });

  it('are created and changed with a description, labels and metadata', async () => {
    const notes = ['--description', 'Deploys', '--label', 'team:shop,eu', '--label', 'ci', '--metadata', '{"a":[1]}'];
    const { id } = await create('deploy', '--unrestricted', ...notes);
    const labels = ['team:shop', 'eu', 'ci'];
    expect(await json('key', 'show', id)).toMatchObject({ description: 'Deploys', labels, metadata: { a: [1] } });
    expect((await run('key', 'show', id)).stdout).toMatch(/^labels: +team:shop, eu, ci\nmetadata: +\{"a":\[1\]\}$/m);
    expect(await run('key', 'update', id, '--label', 'us')).toMatchObject({ stdout: `Updated ${id} (deploy).\n` });
    expect(await json('key', 'show', id)).toMatchObject({ description: 'Deploys', labels: ['us'] });
    const none = ['--description', '', '--label', '', '--metadata', 'null'];
    const nothing = { description: null, labels: [], metadata: null };
    expect(await json('key', 'update', id, ...none)).toMatchObject(nothing);
    for (const slip of [
      [],
      ['--label', 'A'],
      ['--metadata', '[]'],
      ['--metadata', '{'],
      ['--description', 'a'.repeat(1001)],
    ]) {
      expect(await run('key', 'update', id, ...slip)).toMatchObject({ status: 2, stdout: '' });
    }
  });

  it('are told of in JSON by each command that changes them', async () => {
    const { id, key_prefix } = await create('deploy', '--scopes', 'a:b');
    expect(await json('key', 'rename', 'deploy', 'eu')).toMatchObject({ id, name: 'eu' });
    expect(await json('key', 'disable', 'eu')).toMatchObject({ id, is_active: false });
    expect(await json('key', 'enable', 'eu')).toMatchObject({ id, is_active: true });
    expect(await json('key', 'revoke', 'eu')).toEqual([
      { id, name: 'eu', key_prefix, revoked_descendants: 0, living_descendants: 0 },
    ]);
    const organization = async (...command: string[]) =>
      printedJson(await installation.run(['organization', ...command, '--json']));
    const name = `Renamed ${names}`;
    expect(await organization('rename', acme.organization_name, name)).toMatchObject({ name, is_active: true });
    expect(await organization('disable', name)).toMatchObject({ name, is_active: false });
    expect(await organization('enable', name)).toMatchObject({ name, disabled_at: null });
  });

  it('are listed by use, end and state, in several orders', async () => {
    await create('b', '--unrestricted', '--expires-at', '3d');
    await create('a', '--unrestricted', '--expires-at', '30d');
    const { id } = await create('c', '--unrestricted');
    await run('key', 'revoke', id);
    expect(await list()).toEqual(['a', 'b', 'Owner key']);
    expect(await list('--sort', 'name')).toEqual(['a', 'b', 'Owner key']);
    expect(await list('--sort', 'expires')).toEqual(['b', 'a', 'Owner key']);
    expect(await list('--expiring', '7d')).toEqual(['b']);
    expect(await list('--revoked')).toEqual(['c', 'a', 'b', 'Owner key']);
    expect(await list('--unused', '90d')).toEqual([]);
    const long = "'2020-01-01 00:00:00.000'";
    await installation.database.query(`UPDATE api_keys SET created_at = ${long} WHERE name = 'a'`);
    await installation.database.query(`UPDATE api_key_secrets SET created_at = ${long}`);
    expect(await list('--unused', '90d')).toEqual(['a']);
    await installation.database.query(`UPDATE api_keys SET last_used_at = ${long} WHERE name = 'b'`);
    expect(await list('--sort', 'last-used')).toEqual(['b', 'a', 'Owner key']);
    const { stdout } = await run('key', 'list', '--search', 'owner');
    const [first = ''] = stdout.split('\n');
    expect(first.split('\t')).toEqual([
      acme.api_key_id,
      'Owner key',
      expect.stringMatching(/^fth_live_\w{8}$/),
      'active',
      'unrestricted',
      '-',
      '-',
      expect.stringMatching(/Z$/),
      'operator',
    ]);
    expect(await list('--expiring')).toEqual(['b', 'a']);
  });

  it('are listed by label, state and the beginning of the name, as over HTTP', async () => {
    await create('Web eu', '--unrestricted', '--label', 'team:shop,eu');
    await create('web us', '--unrestricted', '--label', 'team:shop');
    await create('a web', '--unrestricted');
    await run('key', 'disable', 'web us');
    const { id } = await create('web old', '--unrestricted');
    await run('key', 'revoke', id);
    expect(await list('--label', 'team:shop')).toEqual(['web us', 'Web eu']);
    expect(await list('--search', 'WEB')).toEqual(['web us', 'Web eu']);
    expect(await list('--status', 'disabled')).toEqual(['web us']);
    expect(await list('--status', 'revoked')).toEqual(['web old']);
    expect(await list('--search', 'web', '--revoked')).toEqual(['web old', 'web us', 'Web eu']);
    expect(await list('--label', 'team:shop', '--status', 'active', '--search', 'w', '--sort', 'name')).toEqual([
      'Web eu',
    ]);
    for (const slip of [
      ['--label', 'A'],
      ['--status', 'gone'],
    ]) {
      expect(await run('key', 'list', ...slip)).toMatchObject({ status: 2, stdout: '' });
    }
  });

  it('are shown and listed with who made them, and end with all that they made', async () => {
    const top = await create('leaked', '--unrestricted');
    const mint = (token: string, name: string) => service.newKey(token, name);
    const child = await mint(top.plain_text_key, 'child');
    const grandchild = await mint(child.plain_text_key, 'grandchild');
    const created_by = { type: 'api_key', api_key_id: child.id, user_id: null };
    expect(await json('key', 'show', grandchild.id)).toMatchObject({ created_by });
    expect((await run('key', 'show', grandchild.id)).stdout).toContain(
      `created by:                   api_key ${child.id}`,
    );
    expect(await list('--created-by', top.id)).toEqual(['child']);
    expect(await run('key', 'revoke', 'leaked')).toMatchObject({
      stdout: `Revoked ${top.id} (leaked); 2 of the keys that it has made live on: --cascade revokes them.\n`,
    });
    expect(await status(grandchild.plain_text_key)).toBe(200);
    expect(await run('key', 'revoke', 'leaked', '--cascade')).toMatchObject({
      status: 0,
      stdout: `Revoked ${top.id} (leaked) and 2 keys that it has made.\n`,
    });
    expect([await status(child.plain_text_key), await status(grandchild.plain_text_key)]).toEqual([401, 401]);
  });

  it('are revoked several at once, and none if one of them is not there', async () => {
    const [a, b] = [await create('a', '--unrestricted'), await create('b', '--unrestricted')];
    const refused = await run('key', 'revoke', 'a', 'nobody', b.id);
    expect(refused).toMatchObject({ status: 1, stdout: '', stderr: expect.stringContaining('"nobody"') });
    expect(await status(a.plain_text_key)).toBe(200);
    const revoked = await run('key', 'revoke', 'a', b.id, a.id);
    expect(revoked).toEqual({ status: 0, stdout: `Revoked ${a.id} (a).\nRevoked ${b.id} (b).\n`, stderr: '' });
    expect([await status(a.plain_text_key), await status(b.plain_text_key)]).toEqual([401, 401]);
  });
});
