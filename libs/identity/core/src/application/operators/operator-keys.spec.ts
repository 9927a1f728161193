import { beforeEach, describe, expect, it } from '@jest/globals';
import { operatorNamed } from '../../domain/actor.js';
import { assertNoOperatorFormat, OPERATOR_SCOPES } from '../../domain/operator-key.js';
import { TokenFormat } from '../../domain/token-format.js';
import { InMemoryIdentity } from '../../testing/in-memory-identity.js';
import type { CreateOperatorKeyRequest } from './manage-operator-keys.js';

const ADA = operatorNamed('ada');
const REFUSED = { code: 'authentication.required' };

let identity: InMemoryIdentity;

beforeEach(() => {
  identity = new InMemoryIdentity();
});

const create = (request: Partial<CreateOperatorKeyRequest> = {}) =>
  identity.manageOperatorKeys.create({ name: 'billing', scopes: ['organizations:*'], ...request }, ADA);
const verify = (token: string) => identity.verifyOperatorKey.execute(token);

describe('an operator key', () => {
  it('is verified as it was made, and belongs to no organization', async () => {
    const { operatorKey, token } = await create();
    expect(token.reveal()).toMatch(/^fth_operator_/);
    expect(await verify(token.reveal())).toEqual(operatorKey);
    expect(operatorKey.grant.covers('organizations:manage')).toBe(true);
    expect(operatorKey.grant.covers('members:read')).toBe(false);
  });

  it("is no key of an organization, and an organization's key is none of an operator", async () => {
    const { token } = await create({ scopes: null });
    const tenant = await identity.createOrganization.execute('Acme');
    await expect(identity.verifyApiKey.execute(token.reveal())).rejects.toMatchObject(REFUSED);
    await expect(verify(tenant.token.reveal())).rejects.toMatchObject(REFUSED);
  });

  it.each<[string, (token: string) => string | Promise<string>]>([
    ['malformed', (token) => `${token}x`],
    ['with a wrong secret', (token) => forged(token)],
    ['of an unknown public part', () => forged('fth_operator_00000000')],
    [
      'revoked',
      (token) =>
        identity.manageOperatorKeys
          .list()
          .then(revokeFirst)
          .then(() => token),
    ],
    ['expired', (token) => (identity.clock.advance(60_000), token)],
  ])('is refused alike when it is %s', async (_state, present) => {
    const { token } = await create({ expiresAt: new Date(identity.clock.now().getTime() + 60_000) });
    await expect(verify(await present(token.reveal()))).rejects.toMatchObject(REFUSED);
  });

  it('is found by a leaked token, whatever its state and the rest of the token', async () => {
    const { operatorKey, token } = await create();
    await identity.manageOperatorKeys.revoke(operatorKey, ADA);
    const find = (text: string) => identity.manageOperatorKeys.findLeaked(text);
    for (const text of [token.reveal(), operatorKey.keyPrefix, forged(token.reveal()), `${token.reveal()}x`]) {
      expect(await find(text)).toMatchObject({ id: operatorKey.id, revokedAt: expect.any(Date) });
    }
    for (const text of ['', 'fth_operator_', 'fth_operator_00000000', operatorKey.keyPrefix.slice(0, -1)]) {
      expect(await find(text)).toBeNull();
    }
  });

  it('records its last use at most once a minute', async () => {
    const { token } = await create();
    const used = async () => (await identity.manageOperatorKeys.list())[0]?.lastUsedAt;
    await verify(token.reveal());
    const first = identity.clock.now();
    expect(await used()).toEqual(first);
    identity.clock.advance(59_999);
    await verify(token.reveal());
    expect(await used()).toEqual(first);
    identity.clock.advance(1);
    await verify(token.reveal());
    expect(await used()).toEqual(identity.clock.now());
  });

  it('is recorded when it is made and revoked, beside the events of all organizations', async () => {
    const { operatorKey } = await create();
    const { organization } = await identity.createOrganization.execute('Acme');
    await identity.manageOperatorKeys.revoke(operatorKey, ADA);
    const { items, next } = await identity.listInstallationEvents.execute({ limit: 2 });
    expect(items).toMatchObject([
      { type: 'operator_key.revoked', actor: ADA, apiKeyId: operatorKey.id, keyPrefix: operatorKey.keyPrefix },
      { type: 'organization.created', organizationId: organization.id },
    ]);
    const rest = await identity.listInstallationEvents.execute({ limit: 2, cursor: next ?? '' });
    const changes = { name: 'billing', scopes: ['organizations:*'], unrestricted: false, expires_at: null };
    expect(rest).toMatchObject({ items: [{ type: 'operator_key.created', actor: ADA, changes }], next: null });
    await expect(identity.manageOperatorKeys.revoke(operatorKey, ADA)).rejects.toMatchObject({
      code: 'api_key.not_found',
    });
  });

  it.each<[string, Partial<CreateOperatorKeyRequest>]>([
    ['api_key.name_invalid', { name: '' }],
    ['api_key.scope_invalid', { scopes: [] }],
    ['api_key.scope_invalid', { scopes: ['organizations'] }],
    ['api_key.scope_invalid', { scopes: ['organisations:read'] }],
    ['api_key.scope_invalid', { scopes: ['members:read', 'members:write'] }],
    ['api_key.expiry_in_past', { expiresAt: new Date(0) }],
  ])('is refused with %s for %j', async (code, request) => {
    await expect((async () => create(request))()).rejects.toMatchObject({ code });
    expect(await identity.manageOperatorKeys.list()).toEqual([]);
  });

  it('takes every scope that there is, and wildcards', async () => {
    for (const scopes of [[...OPERATOR_SCOPES], ['*'], ['api_keys:*']]) {
      await expect(create({ scopes })).resolves.toBeDefined();
    }
  });
});

describe('the operator API', () => {
  it('is off until there is a key, for which the store is asked at most once a second', async () => {
    let questions = 0;
    const exists = identity.operatorKeys.exists.bind(identity.operatorKeys);
    identity.operatorKeys.exists = () => ((questions += 1), exists());
    const { verifyOperatorKey } = identity;
    const answers = await Promise.all(Array.from({ length: 9 }, () => verifyOperatorKey.isOn()));
    expect(answers).not.toContain(true);
    const { token } = await create();
    expect(await verifyOperatorKey.isOn()).toBe(false);
    expect(questions).toBe(1);
    // A key that is presented is looked up at once.
    await verify(token.reveal());
    expect(await verifyOperatorKey.isOn()).toBe(true);
    expect(questions).toBe(1);
  });
});

it.each([
  ['the only environment', ['operator']],
  ['one of several', ['live', 'operator']],
] as const)('no key of an organization may look like one of an operator: %s', (_what, [first, ...others]) => {
  expect(() => {
    assertNoOperatorFormat(new TokenFormat('fth', first, ...others));
  }).toThrow(expect.objectContaining({ code: 'token.format_invalid' }));
});

/** A well-formed token with the same public part and another secret. */
function forged(token: string): string {
  return new TokenFormat('fth', 'operator').compose(token.slice(13, 21), 'A'.repeat(32)).reveal();
}

async function revokeFirst([operatorKey]: Awaited<ReturnType<typeof identity.manageOperatorKeys.list>>): Promise<void> {
  if (operatorKey !== undefined) await identity.manageOperatorKeys.revoke(operatorKey, ADA);
}
