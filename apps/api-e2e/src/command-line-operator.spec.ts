import { beforeAll, describe, expect, it } from '@jest/globals';
import { printedJson } from './support/command-line.js';
import { Installation } from './support/installation.js';
import type { Service } from './support/service.js';

interface PrintedKey {
  readonly id: string;
  readonly key_prefix: string;
  readonly plain_text_key: string;
}

describe('keys of the operator API, managed from the command line', () => {
  let installation: Installation;
  let service: Service;

  beforeAll(async () => {
    installation = await Installation.create('sqlite');
    service = await installation.start();
  });

  const run = (...command: string[]) => installation.run(command);
  const json = async (...command: string[]) => printedJson(await run(...command, '--json'));
  const organizations = async (key?: string) =>
    (
      await fetch(
        `${service.url}/v1/operator/organizations`,
        key === undefined ? {} : { headers: { 'x-api-key': key } },
      )
    ).status;

  it('turn it on while the service runs, end it for their holder, and are recorded', async () => {
    expect(await organizations()).toBe(404);
    expect(await organizations(service.firstKey)).toBe(404);
    const options = ['--name', 'sign-up', '--scopes', 'organizations:*,members:read'];
    const created = (await json('operator', 'key', 'create', ...options)) as PrintedKey;
    const { id, key_prefix, plain_text_key: key } = created;
    expect(created).toMatchObject({ scopes: ['organizations:*', 'members:read'], unrestricted: false });
    expect(key).toMatch(new RegExp(`^${key_prefix}`));
    expect(await organizations(key)).toBe(200);
    expect(await organizations(service.firstKey)).toBe(401);
    expect(await json('operator', 'key', 'list')).toMatchObject([{ id, name: 'sign-up', revoked_at: null }]);

    const revoked = await run('operator', 'key', 'revoke', 'sign-up');
    expect(revoked).toMatchObject({ status: 0, stdout: `Revoked ${id} (sign-up).\n` });
    expect(await organizations(key)).toBe(401);
    expect(await run('operator', 'key', 'revoke', id)).toMatchObject({
      status: 1,
      stderr: `The operator key "${id}" is revoked. That cannot be undone.\n`,
    });
    expect(await json('audit', 'list', '--operator')).toMatchObject([
      {
        type: 'operator_key.created',
        actor_type: 'operator',
        api_key_id: id,
        key_prefix,
        changes: { name: 'sign-up' },
      },
      { type: 'operator_key.revoked', actor_type: 'operator', api_key_id: id },
    ]);
  });

  it('are named where their leaked token is looked for', async () => {
    const made = (await json('operator', 'key', 'create', '--name', 'leaked', '--unrestricted')) as PrintedKey;
    const find = async (given: string, input?: string) => {
      const { status, stdout, stderr } = await installation.run(['key', 'find', given], {}, input);
      return [status, stdout, stderr] as const;
    };
    const told = `This begins like the token of the operator key "leaked" (${made.id}, ${made.key_prefix}), which is`;
    const revoke = expect.stringMatching(new RegExp(`operator key revoke ${made.id}\n$`));
    for (const answer of [await find(made.key_prefix), await find('-', `x-api-key: ${made.plain_text_key}\n`)]) {
      expect(answer).toEqual([1, '', expect.stringContaining(`${told} active.`)]);
      expect(answer[2]).toEqual(revoke);
      expect(answer[2]).not.toContain(made.plain_text_key);
    }
    await run('operator', 'key', 'revoke', made.id, '--yes');
    expect(await find(made.key_prefix)).toEqual([1, '', `${told} revoked.\n`]);
    const [, , unknown] = await find('fth_operator_00000000');
    expect(unknown).toContain('but none has or had it');
  });

  it.each([
    ['without saying what it may do', ['--name', 'x'], /^error: say what the key may do/],
    [
      'with a scope that there is not',
      ['--name', 'x', '--scopes', 'organisations:read'],
      /^No operator key has the scope/,
    ],
    ['with both', ['--name', 'x', '--scopes', '*', '--unrestricted'], /cannot be used with/],
  ])('are not made %s', async (_how, options, message) => {
    const refused = await run('operator', 'key', 'create', ...options);
    expect([refused.status, refused.stdout, refused.stderr]).toEqual([2, '', expect.stringMatching(message)]);
  });

  it('are no setting for the keys of organizations', async () => {
    const refused = await installation.run(['organization', 'list'], { KEY_ENVIRONMENT: 'operator' });
    expect(refused.stderr).toContain('KEY_ENVIRONMENT must not be operator');
    expect(refused.status).not.toBe(0);
  });
});
