import { describe, expect, it } from '@jest/globals';
import { ScopeGrant } from './scope-grant.js';

describe('a restricted grant', () => {
  const grant = ScopeGrant.of(['keys:read', 'keys:write']);

  it('narrows to any part of itself', () => {
    expect(grant.narrow(['keys:read']).scopes).toEqual(['keys:read']);
    expect(grant.narrow(['keys:write', 'keys:read']).scopes).toEqual(['keys:write', 'keys:read']);
  });

  it('is passed on as it is when nothing is asked for', () => {
    expect(grant.narrow([])).toEqual(grant);
    expect(grant.narrow([]).unrestricted).toBe(false);
  });

  it.each([
    'keys:read_all',
    'KEYS:READ',
    'keys',
    'keys:*',
    '*',
    '',
    'x:keys:read',
    'keys:read ',
    'keys:read,keys:write',
  ])('does not hold %j', (scope) => {
    const widen = () => grant.narrow(['keys:read', scope]);
    expect(widen).toThrow(expect.objectContaining({ code: 'api_key.scope_not_held' }));
  });

  it.each([
    ['more than 100 scopes', Array.from({ length: 101 }, (_, index) => `keys:${index}`)],
    ['a scope of more than 255 characters', ['x'.repeat(256)]],
  ])('takes not %s, before it compares any', (_case, scopes) => {
    for (const holder of [grant, ScopeGrant.unrestricted()]) {
      expect(() => holder.narrow(scopes)).toThrow(expect.objectContaining({ code: 'api_key.scope_invalid' }));
    }
  });

  it('takes 100 scopes of 255 characters', () => {
    const scopes = Array.from({ length: 100 }, (_, index) => String(index).padEnd(255, 'x'));
    expect(ScopeGrant.unrestricted().narrow(scopes).scopes).toEqual(scopes);
  });

  it('without any scope holds nothing, and stays so', () => {
    const nothing = ScopeGrant.of([]);
    expect(nothing.narrow([])).toEqual(nothing);
    expect(nothing.narrow([]).unrestricted).toBe(false);
    expect(() => nothing.narrow(['keys:read'])).toThrow(expect.objectContaining({ code: 'api_key.scope_not_held' }));
  });

  it('does not change with the list it was made of', () => {
    const scopes = ['keys:read'];
    const copied = ScopeGrant.of(scopes);
    scopes.push('keys:write');
    expect(copied.scopes).toEqual(['keys:read']);
  });
});

describe('an unrestricted grant', () => {
  it('is passed on unrestricted when nothing is asked for', () => {
    expect(ScopeGrant.unrestricted().narrow([]).unrestricted).toBe(true);
  });

  it('narrows to whatever is asked for, and is unrestricted no more', () => {
    const narrowed = ScopeGrant.unrestricted().narrow(['anything:at:all']);
    expect(narrowed).toEqual(ScopeGrant.of(['anything:at:all']));
  });
});

describe.each([ScopeGrant.unrestricted(), ScopeGrant.of(['a'])])('any grant', (grant) => {
  it.each(['nul\0', '\ud800', '\udc00x'])('refuses the scope %j that no database stores unchanged', (scope) => {
    expect(() => grant.narrow([scope])).toThrow(expect.objectContaining({ code: 'api_key.scope_invalid' }));
  });
});
