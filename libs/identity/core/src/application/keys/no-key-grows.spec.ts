import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { ApiKey } from '../../domain/api-key.js';
import { Attack, type Command, type Power, type VictimState } from '../../testing/attack.js';

/** From jest.preset.mjs. */
declare const fuzz: { readonly seed: number; readonly factor: number };

const RUNS = { numRuns: 150 * Math.max(1, fuzz.factor), seed: fuzz.seed };

const scopes = fc.uniqueArray(fc.constantFrom('a:read', 'a:read', 'a:write', 'a:*', 'b:read', 'b:*'), { maxLength: 3 });
const hours = fc.option(fc.constantFrom(1, 10, 24, 240), { nil: null });
const attacker: fc.Arbitrary<Power> = fc.record({
  scopes: fc.oneof(scopes, fc.constant(['a:read', 'a:write'])),
  hours: fc.option(fc.constantFrom(24, 240), { nil: null }),
});
const victim: fc.Arbitrary<VictimState> = fc.record({
  scopes: fc.oneof(scopes, fc.constantFrom(null, ['*'], [], ['legacy'], ['a:read', 'a:read:all'], ['a:read'])),
  hours: fc.oneof(hours, fc.constant(-1)),
  disabled: fc.boolean(),
  revoked: fc.nat(9).map((each) => each === 0),
});
const maybe = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined });
const command: fc.Arbitrary<Command> = fc.record({
  kind: fc.constantFrom('issue', 'issue', 'update', 'update', 'update', 'rotate', 'rotate', 'revoke', 'list', 'wait'),
  token: fc.nat(99),
  target: fc.nat(99),
  scopes: maybe(fc.oneof(scopes, fc.constantFrom(['*'], [], ['a:read']))),
  hours: maybe(hours),
  isActive: maybe(fc.boolean()),
  graceHours: fc.constantFrom(0, 1, 12, 720),
});

const PROBES = ['a:read', 'a:write', 'a:other', 'b:read', 'b:write', 'c:any', '*', 'legacy', 'a:read:all'];

/** Whether a key can do nothing that the other one cannot, and not for longer. Not by the rules that are tested here. */
function isWithin(key: ApiKey, other: ApiKey): boolean {
  const end = ({ expiresAt }: ApiKey) => expiresAt?.getTime() ?? Infinity;
  return (
    PROBES.every((scope) => other.grant.covers(scope) || !key.grant.covers(scope)) &&
    end(key) <= end(other) &&
    (key.disabledAt !== null || other.disabledAt === null) &&
    (key.revokedAt !== null || other.revokedAt === null)
  );
}

/** Thrown by hand: `expect` takes ten times as long as all else here. */
function assertNothingGained({ mine, initial, victims, held }: Attack): void {
  const { apiKeys } = mine.identity.store;
  const fail = (rule: string, ...keys: ApiKey[]) => {
    throw new Error(`${rule}: ${JSON.stringify({ attacker: initial, keys }, null, 1)}`);
  };
  for (const id of [initial.id, ...held.values()]) {
    const now = apiKeys.get(id) ?? initial;
    if (!isWithin(now, initial)) fail('The attacker holds a token of a key that can do more', now);
  }
  for (const before of victims) {
    const now = apiKeys.get(before.id) ?? before;
    // Half of the one and half of the other would be more than either: each key is within one of them as a whole.
    if (!isWithin(now, before) && !isWithin(now, initial)) fail('A key has grown', before, now);
    if (before.revokedAt !== null && now !== before) fail('A revoked key was changed', before, now);
  }
}

async function expectNothingLeaked({ mine, theirs, held }: Attack): Promise<void> {
  const { store, format } = mine.identity;
  const written = JSON.stringify(store.auditEvents);
  for (const token of held.keys()) expect(written).not.toContain(format.parse(token)?.secret);
  expect(await theirs.stored(theirs.owner.apiKey)).toEqual(theirs.owner.apiKey);
}

const HAPPENED = ['issue', 'update', 'rotate'].flatMap((kind) =>
  ['done', 'api_key.scope_not_held', 'api_key.outlives_caller'].map((outcome) => `${kind}: ${outcome}`),
);

it('no sequence of calls gives a key, or whoever holds one, more than there was before (AZ3)', async () => {
  const outcomes = new Map<string, number>();
  const property = fc.asyncProperty(
    attacker,
    fc.array(victim, { minLength: 2, maxLength: 6, size: 'max' }),
    fc.array(command, { minLength: 10, maxLength: 30, size: 'max' }),
    async (power, states, commands) => {
      const attack = await Attack.begin(power, states);
      for (const each of commands) {
        await attack.do(each);
        assertNothingGained(attack);
      }
      await expectNothingLeaked(attack);
      for (const [outcome, count] of attack.outcomes) outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + count);
    },
  );
  await fc.assert(property, RUNS);
  // That the calls were refused alike would show nothing.
  for (const outcome of [...HAPPENED, 'revoke: done', 'list: done']) {
    expect([outcome, (outcomes.get(outcome) ?? 0) > 20]).toEqual([outcome, true]);
  }
});
