import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { anyCodePoint } from '../../testing/any-code-point.js';
import { isScope, ScopeGrant } from './scope-grant.js';

/** From jest.preset.mjs. */
declare const fuzz: { readonly seed: number; readonly factor: number };

const RUNS = { numRuns: 5_000 * fuzz.factor, seed: fuzz.seed };

const word = fc.constantFrom('x', 'y', 'X', 'read', 'read_all', 'READ', 'x.read', '0');
const permission = fc.tuple(word, word).map((parts) => parts.join(':'));
const wildcard = fc.oneof(
  fc.constant('*'),
  word.map((resource) => `${resource}:*`),
);
/** What rows of other systems may hold, and what an attacker would like to be taken for a scope. */
const legacy = fc.oneof(
  fc.array(fc.constantFrom('x', 'read', '*', ':', ' ', '.', 'X', ''), { maxLength: 5 }).map((parts) => parts.join('')),
  fc.constantFrom('*:*', '*:read', 'x:**', 'x:re*', 'x:y:*', 'y:x:read', '.*', '', '__proto__', 'x:*\n', ' *', '* '),
);
const text = fc.oneof(permission, wildcard, legacy, fc.string({ unit: anyCodePoint, maxLength: 12 }));
const stored = fc.array(text, { maxLength: 6 });

/** What is asked of a grant: anything, and near misses of what it holds. */
const asked = stored.chain((scopes) => {
  const near = fc
    .tuple(fc.constantFrom(...scopes, 'x:read'), fc.nat(8), fc.constantFrom('', '_all', ':', '*', ' ', 'x:', '\n'))
    .chain(([scope, at, inserted]) =>
      fc.constantFrom(
        scope.slice(0, at) + inserted + scope.slice(at),
        scope.slice(0, at),
        scope.slice(at),
        scope.toUpperCase(),
        scope.toLowerCase(),
        scope.replace('*', 'read'),
      ),
    );
  return fc.tuple(fc.constant(scopes), fc.oneof(text, near));
});

/** Whether a stored scope says in so many words that it holds this one. Written without the patterns of the code. */
function states(scope: string, wanted: string): boolean {
  if (scope === wanted || scope === '*') return true;
  const [resource, star, ...more] = scope.split(':');
  const [wantedResource, wantedAction, ...wantedMore] = wanted.split(':');
  const isWildcard = star === '*' && more.length === 0 && isWord(resource ?? '');
  return isWildcard && resource === wantedResource && isWord(wantedAction ?? '') && wantedMore.length === 0;
}

function isWord(part: string): boolean {
  const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';
  return letters.includes(part.charAt(0) || ' ') && [...part].every((each) => `${letters}_.-`.includes(each));
}

describe('what a grant holds (AZ5)', () => {
  it('is what is stored, by its very name or by a wildcard that is stored, and nothing else', () => {
    fc.assert(
      fc.property(asked, ([scopes, wanted]) => {
        const holds = scopes.some((scope) => states(scope, wanted));
        return ScopeGrant.of(scopes).covers(wanted) === holds;
      }),
      RUNS,
    );
  });

  it('is the exact text alone for a stored scope outside the grammar', () => {
    const outside = legacy.filter((scope) => !isScope(scope));
    fc.assert(
      fc.property(outside, text, (scope, wanted) => ScopeGrant.of([scope]).covers(wanted) === (wanted === scope)),
      RUNS,
    );
  });

  it('is no more than that of a grant that it can be narrowed to', () => {
    fc.assert(
      fc.property(stored, fc.array(fc.oneof(permission, wildcard), { maxLength: 4 }), text, (held, wanted, any) => {
        const grant = ScopeGrant.of(held);
        if (grant.missing(wanted).length > 0) return true;
        return grant.covers(any) || !grant.narrow(wanted).covers(any) || !isScope(any);
      }),
      RUNS,
    );
  });

  it.each(['x:read_all', 'X:READ', 'x:READ', 'x', 'x:', 'y:x:read', 'x:*', '*', 'x:read ', 'x:rea', 'read', ''])(
    'does not take x:read for %j',
    (wanted) => {
      expect(ScopeGrant.of(['x:read']).covers(wanted)).toBe(false);
    },
  );

  it.each(['y:read', 'X:read', 'xx:read', 'x', 'x:', 'x:y:z', 'x:read:*', 'y:x:read', '*', 'x.y:read', 'x:read\n'])(
    'does not take x:* for %j',
    (wanted) => {
      expect(ScopeGrant.of(['x:*']).covers(wanted)).toBe(false);
    },
  );

  it('is nothing at all for an empty grant, and everything for an unrestricted one and for *', () => {
    fc.assert(
      fc.property(text, (wanted) => {
        const holds = (grant: ScopeGrant) => grant.covers(wanted);
        return !holds(ScopeGrant.of([])) && holds(ScopeGrant.unrestricted()) && holds(ScopeGrant.of(['*']));
      }),
      RUNS,
    );
  });
});

describe('what two grants have in common', () => {
  it.each<[readonly string[], readonly string[], readonly string[]]>([
    [['a:read'], ['a:read', 'a:write'], ['a:read']],
    [['a:*'], ['a:read', 'b:read'], ['a:read']],
    [['*'], ['a:*', 'b:read'], ['a:*', 'b:read']],
    [
      ['a:*', 'b:read'],
      ['a:read', 'b:*'],
      ['a:read', 'b:read'],
    ],
    [['a:read'], ['b:read'], []],
    [[], ['*'], []],
  ])('%j and %j: %j', (one, other, common) => {
    const [first, second] = [ScopeGrant.of(one), ScopeGrant.of(other)];
    for (const both of [first.intersect(second), second.intersect(first)]) {
      expect([...both.scopes].sort()).toEqual([...common].sort());
      expect(both.unrestricted).toBe(false);
    }
    expect(ScopeGrant.unrestricted().intersect(first)).toBe(first);
    expect(first.intersect(ScopeGrant.unrestricted())).toBe(first);
  });
});
