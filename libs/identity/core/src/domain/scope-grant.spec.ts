import { describe, expect, it } from '@jest/globals';
import { ScopeGrant } from './scope-grant.js';

const NOT_HELD = expect.objectContaining({ code: 'api_key.scope_not_held' });

const nothing = ScopeGrant.of([]);
const everything = ScopeGrant.unrestricted();
const of = (...scopes: string[]) => ScopeGrant.of(scopes);

describe('a restricted grant', () => {
  const grant = of('keys:read', 'keys:write', 'audit:*');

  it('narrows to any part of itself, also to a part of its wildcards', () => {
    expect(grant.narrow(['keys:read']).scopes).toEqual(['keys:read']);
    expect(grant.narrow(['keys:write', 'keys:read']).scopes).toEqual(['keys:write', 'keys:read']);
    expect(grant.narrow(['audit:read', 'audit:*']).scopes).toEqual(['audit:read', 'audit:*']);
  });

  it('is passed on as it is when nothing is asked for', () => {
    expect(grant.narrow([])).toEqual(grant);
    expect(grant.narrow([]).unrestricted).toBe(false);
  });

  it.each(['keys:read_all', 'KEYS:READ', 'keys:*', '*', 'x.keys:read'])('does not narrow to %j', (scope) => {
    expect(() => grant.narrow(['keys:read', scope])).toThrow(NOT_HELD);
  });

  it('names the scopes that it does not hold', () => {
    expect(() => grant.narrow(['keys:read', 'b:c', 'a:b'])).toThrow(
      'The calling key does not hold the scopes "b:c", "a:b".',
    );
    expect(() => grant.narrow(['keys:read', 'b:c'])).toThrow('The calling key does not hold the scope "b:c".');
    expect(() => grant.assertCovers(everything)).toThrow(/"\*"/);
  });

  it('without any scope holds nothing, and stays so', () => {
    expect(nothing.narrow([])).toEqual(nothing);
    expect(nothing.narrow([]).unrestricted).toBe(false);
    expect(() => nothing.narrow(['keys:read'])).toThrow(NOT_HELD);
  });

  it('does not change with the list it was made of, nor by the hands it passes through', () => {
    const scopes = ['keys:read'];
    const copied = ScopeGrant.of(scopes);
    scopes.push('keys:write');
    expect(copied.scopes).toEqual(['keys:read']);
    expect(() => (copied.scopes as string[]).push('*')).toThrow(TypeError);
    expect(() => Object.assign(copied, { unrestricted: true })).toThrow(TypeError);
  });
});

describe('an unrestricted grant', () => {
  it('is passed on unrestricted when nothing is asked for', () => {
    expect(everything.narrow([]).unrestricted).toBe(true);
  });

  it('narrows to whatever is asked for, and is unrestricted no more', () => {
    expect(everything.narrow(['anything:at-all'])).toEqual(of('anything:at-all'));
  });
});

describe.each([everything, of('keys:read')])('any grant', (grant) => {
  it.each(['nul\0', '\ud800', '\udc00x', 'keys'])('refuses %j, which is no scope, before it compares', (scope) => {
    expect(() => grant.narrow([scope])).toThrow(expect.objectContaining({ code: 'api_key.scope_invalid' }));
  });
});

describe('what one grant lacks of another', () => {
  it.each([
    ['nothing of itself', of('a:b', 'c:*'), of('a:b', 'c:*'), []],
    ['nothing of an empty one', nothing, nothing, []],
    ['nothing of what its wildcards hold', of('a:*'), of('a:b', 'a:c', 'a:*'), []],
    ['nothing when it holds everything', of('*'), everything, []],
    ['nothing when it is unrestricted', everything, of('*', 'a:b'), []],
    ['each scope that it does not hold, in their order', of('b:b'), of('c:c', 'b:b', 'a:a'), ['c:c', 'a:a']],
    ['a wildcard, however many of its actions it holds', of('a:b', 'a:c'), of('a:*'), ['a:*']],
    ['* of an unrestricted one', of('a:*', 'b:*'), everything, ['*']],
    ['* of an unrestricted one when it holds nothing', nothing, everything, ['*']],
  ])('is %s', (_case, grant, other, lacking) => {
    expect(grant.lacks(other)).toEqual(lacking);
    const demand = expect(() => grant.assertCovers(other));
    if (lacking.length === 0) demand.not.toThrow();
    else demand.toThrow(NOT_HELD);
  });

  it('may be a legacy scope, which only its very name holds', () => {
    expect(of('x:*', 'x:y').lacks(of('x:y:z', 'x'))).toEqual(['x:y:z', 'x']);
    expect(of('x:y:z').lacks(of('x:y:z'))).toEqual([]);
  });
});

describe('grants are equal', () => {
  it('in any order, and however often a scope is written', () => {
    expect(of('a:b', 'c:d').equals(of('c:d', 'a:b', 'c:d'))).toBe(true);
    expect(everything.equals(ScopeGrant.unrestricted())).toBe(true);
  });

  it.each([
    [nothing, everything],
    [of('*'), everything],
    [of('a:b'), of('a:b', 'a:c')],
    [of('a:b'), of('A:b')],
    [of('a:b,c:d'), of('a:b', 'c:d')],
    [of('a:*'), of('a:b')],
  ])('not when one holds or is spelled otherwise', (one, other) => {
    expect([one.equals(other), other.equals(one)]).toEqual([false, false]);
  });
});
