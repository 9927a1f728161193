import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { ACCEPTED, LEGACY_KEYS } from './import/legacy-keys.js';
import { createOrganization, type CreatedOrganization, printedJson } from './support/command-line.js';
import { Installation } from './support/installation.js';
import type { CreatedKey, Service } from './support/service.js';
import { partsOf } from './support/tokens.js';

describe('feather key find', () => {
  let installation: Installation;
  let service: Service;
  let acme: CreatedOrganization;
  let leaked: CreatedKey;
  /** Every token of the leaked key, oldest first: a rotation has removed the second secret, the third is in grace. */
  let tokens: string[];

  beforeAll(async () => {
    installation = await Installation.create('postgres');
    service = await installation.start();
    acme = await createOrganization(installation, 'Acme');
    leaked = await service.newKey(acme.plain_text_key, 'leaked');
    tokens = [leaked.plain_text_key];
    for (const grace_period_seconds of [0, 0, 3600]) {
      const path = `/v1/identity/api-keys/${leaked.id}/rotate`;
      const headers = { 'x-api-key': acme.plain_text_key };
      const { body } = await service.send(path, { method: 'POST', headers, body: { grace_period_seconds } });
      tokens.push((body as CreatedKey).plain_text_key);
    }
  });

  const prefixOf = (token: string) => partsOf(token).head + partsOf(token).publicPart;
  const find = async (given: string, input?: string, settings = {}) =>
    printedJson(await installation.run(['key', 'find', given, '--json'], settings, input)) as object[];

  it('tells whose a secret is by its beginning, also one in grace and one that a rotation has removed', async () => {
    const secrets = [];
    for (const token of tokens) {
      const [found] = await find(prefixOf(token));
      expect(found).toMatchObject({
        id: leaked.id,
        name: 'leaked',
        organization_id: acme.organization_id,
        organization_name: 'Acme',
        member_name: 'Owner',
        state: 'active',
        key_prefix: prefixOf(token),
        whole_token_matches: null,
        current_key_prefix: prefixOf(tokens.at(-1) ?? ''),
        created_by: `api_key ${acme.api_key_id}`,
        revoked_at: null,
      });
      secrets.push(found);
    }
    const instant = expect.stringMatching(/Z$/);
    expect(secrets).toMatchObject([
      { secret: 'replaced', secret_accepted: false, secret_replaced_at: instant, secret_valid_until: null },
      { secret: 'replaced', secret_accepted: false, secret_replaced_at: instant, secret_valid_until: null },
      { secret: 'in_grace', secret_accepted: true, secret_replaced_at: instant, secret_valid_until: instant },
      { secret: 'current', secret_accepted: true, secret_replaced_at: null, secret_valid_until: null },
    ]);
  });

  it('tells of a whole token on standard input whether all of it matches', async () => {
    const [first = '', second = ''] = tokens;
    for (const [given, whole_token_matches] of [
      [first, true],
      [second, null],
      [`${tokens.at(-1) ?? ''}\r\n`, true],
      [`${first.slice(0, -1)}!`, false],
      [prefixOf(first), null],
    ] as const) {
      expect(await find('-', given)).toMatchObject([{ id: leaked.id, whole_token_matches }]);
    }
  });

  it('prints it for people, without more of the token than its beginning', async () => {
    const [token = ''] = tokens;
    const { status, stdout, stderr } = await installation.run(['key', 'find', '-'], {}, token);
    expect([status, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(/^organization name: +Acme$/m);
    expect(stdout).not.toContain(partsOf(token).secret);
  });

  it('takes no token as an argument, and does not repeat it', async () => {
    for (const token of [...tokens, tokens[0]?.slice(0, 20) ?? '']) {
      const { status, stdout, stderr } = await installation.run(['key', 'find', token]);
      expect([status, stdout]).toEqual([2, '']);
      expect(stderr).toMatch(/^error: A token does not belong on the command line[^\n]+\n$/);
      expect(stderr).not.toContain(token.slice(17, 20));
    }
  });

  it('exits with 1 for what no key has or had, and with 2 for nothing', async () => {
    const unknown = 'fth_live_unknown1';
    const none = { status: 1, stdout: '', stderr: 'No key has or had such a secret here.\n' };
    expect(await installation.run(['key', 'find', unknown])).toEqual(none);
    // What is cut off belongs to somebody, perhaps.
    for (const [argument, input] of [
      ['-', `${unknown}${'x'.repeat(38)}`],
      ['-', prefixOf(tokens[0] ?? '').slice('fth_live_'.length)],
      [prefixOf(tokens[0] ?? '').slice(0, -1), ''],
    ] as const) {
      const { status, stdout, stderr } = await installation.run(['key', 'find', argument, '--json'], {}, input);
      expect([status, stdout]).toEqual([1, '']);
      expect(stderr).toMatch(
        /^No key has or had such a secret here\. But it has not the form of this service's tokens/,
      );
    }
    expect(await installation.run(['key', 'find', '-'], {}, '\n')).toMatchObject({ status: 2, stdout: '' });
    expect(await installation.run(['key', 'find', ''])).toMatchObject({ status: 2, stdout: '' });
  });

  it('finds the token in what was pasted around it', async () => {
    const [token = ''] = tokens;
    for (const pasted of [`x-api-key: ${token}\r\n`, `"${token}"`, `{"key":"${token}"}`, `  ${token} `]) {
      expect(await find('-', pasted)).toMatchObject([{ id: leaked.id }]);
    }
  });

  it('verifies nothing without the peppers, and makes none', async () => {
    const [token = ''] = tokens;
    const settings = { SECRET_PEPPERS_FILE: join(installation.folder, 'elsewhere') };
    const { status, stdout, stderr } = await installation.run(['key', 'find', '-'], settings, token);
    expect([status, stdout, stderr]).toEqual([1, '', expect.stringMatching(/^[^\n]*SECRET_PEPPERS_FILE[^\n]+\n$/)]);
    expect(existsSync(settings.SECRET_PEPPERS_FILE)).toBe(false);
    expect(await find(prefixOf(token), undefined, settings)).toMatchObject([{ id: leaked.id }]);
  });

  it('finds imported keys as verification does, and by the beginning that one is found by', async () => {
    const lines = Object.entries(LEGACY_KEYS).map(([name, { row }]) =>
      JSON.stringify({ name, ...row, scopes: ['a:b'] }),
    );
    const file = await installation.write('keys.jsonl', `${lines.join('\n')}\n`);
    const imported = ['import', file, '--organization', acme.organization_id];
    expect(await installation.run(imported, ACCEPTED)).toMatchObject({ status: 0 });
    for (const [name, { key, row }] of Object.entries(LEGACY_KEYS)) {
      const whole = {
        name,
        whole_token_matches: true,
        secret: 'current',
        created_by: expect.stringMatching(/^operator \S/),
      };
      expect(await find('-', key, ACCEPTED)).toMatchObject([whole]);
      if (row['prefix'] === undefined) continue;
      expect(await find(row['prefix'], undefined, ACCEPTED)).toMatchObject([{ name, whole_token_matches: null }]);
      expect(await find('-', `${key.slice(0, -1)}_`, ACCEPTED)).toMatchObject([{ name, whole_token_matches: false }]);
    }
  });

  it('tells that a key is refused because its member is disabled', async () => {
    const token = tokens.at(-1) ?? '';
    const [member] = printedJson(
      await installation.run(['member', 'list', '--organization', acme.organization_id, '--json']),
    ) as [{ id: string }];
    const change = (verb: string) =>
      installation.run(['member', verb, member.id, '--organization', acme.organization_id]);
    expect(await change('disable')).toMatchObject({ status: 0 });
    expect(await find(prefixOf(token))).toMatchObject([{ state: 'member_disabled', secret_accepted: false }]);
    expect(await change('enable')).toMatchObject({ status: 0 });
    expect(await find(prefixOf(token))).toMatchObject([{ state: 'active', secret_accepted: true }]);
  });

  it('finds a revoked key', async () => {
    expect(await service.revoke(acme.plain_text_key, leaked.id)).toMatchObject({ status: 204 });
    for (const token of tokens) {
      expect(await find('-', token)).toMatchObject([{ id: leaked.id, state: 'revoked', secret_accepted: false }]);
    }
  });
});
