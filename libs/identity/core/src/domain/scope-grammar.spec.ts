import { describe, expect, it } from '@jest/globals';
import { isPermission, isScope, ScopeGrant } from './scope-grant.js';

const INVALID = expect.objectContaining({ code: 'api_key.scope_invalid' });
const LONGEST = `${'r'.repeat(127)}:${'a'.repeat(127)}`;

const PERMISSIONS = ['keys:read', 'a:b', '0:9', 'A.b-c_d:E.f-g_h', 'api_keys:manage', LONGEST];
const WILDCARDS = ['*', 'keys:*', 'A.b-c_d:*'];

/** Text that names nothing, or more than one thing, or that some comparison might take for a wildcard. */
const NEITHER = [
  ...['', ' ', ':', 'keys', 'keys:', ':read', 'keys:read:all', 'y:keys:read', 'keys::read'],
  ...[' keys:read', 'keys:read ', 'keys:read\n', 'keys:\nread', 'keys read', 'keys:read,keys:write', 'keys;read'],
  ...['**', '* ', '*:*', '*:read', 'keys:**', 'keys:re*', 'keys:*d', 'ke*:read', 'keys*', 'k:*:*', 'keys:*:read'],
  ...['keys:read\0', 'nul\0:x', '\ud800:x', 'x:\udc00', 'kéys:read', 'ｋeys:read', 'keys：read', 'keys:re\u200bad'],
  ...['_keys:read', '.keys:read', '-keys:read', 'keys:_read', 'keys:-read', 'keys:.', '__proto__', 'keys/x:read'],
  `${LONGEST}a`,
];

describe('the grammar of scopes', () => {
  it.each(PERMISSIONS)('takes %s for a permission and for a scope', (text) => {
    expect([isPermission(text), isScope(text)]).toEqual([true, true]);
  });

  it.each(WILDCARDS)('takes %s for a scope, though a route cannot demand it', (text) => {
    expect([isPermission(text), isScope(text)]).toEqual([false, true]);
  });

  it.each(NEITHER)('takes %j for neither', (text) => {
    expect([isPermission(text), isScope(text)]).toEqual([false, false]);
  });
});

describe('a requested grant', () => {
  it('is restricted to exactly what was asked for, as it was spelled', () => {
    const scopes = [...PERMISSIONS, ...WILDCARDS];
    expect(ScopeGrant.requested(scopes)).toMatchObject({ unrestricted: false, scopes });
  });

  it('is never unrestricted, also when nothing is asked for: that grants nothing', () => {
    expect(ScopeGrant.requested([])).toEqual(ScopeGrant.of([]));
    expect(ScopeGrant.requested(['*']).unrestricted).toBe(false);
  });

  it.each(NEITHER)('is refused for %j, alone and among others', (text) => {
    for (const scopes of [[text], ['keys:read', text, '*']]) {
      expect(() => ScopeGrant.requested(scopes)).toThrow(INVALID);
    }
  });

  it('takes 100 scopes, 255 characters in each and 4,096 in all, and not one of either more', () => {
    const scopes = (count: number, length: number) =>
      Array.from({ length: count }, (_, index) => `keys:${index}`.padEnd(length, 'x'));
    expect(ScopeGrant.requested(scopes(100, 40)).scopes).toEqual(scopes(100, 40));
    expect(ScopeGrant.requested([...scopes(16, 255), 'a:bcdefghijklmno']).scopes).toHaveLength(17);
    expect(() => ScopeGrant.requested([...scopes(16, 255), 'a:bcdefghijklmnop'])).toThrow(INVALID);
    expect(() => ScopeGrant.requested(scopes(101, 8))).toThrow(INVALID);
    expect(() => ScopeGrant.requested(scopes(1, 256))).toThrow(INVALID);
  });

  it('is refused by the place of each scope that is none, and by what is wrong with it', () => {
    const scopes = ['keys:read', 'keys', '', 'keys:', ':read', 'a:b:c', 'keys:re*', 'k'.repeat(256)];
    const first = 'scopes[1] has no ":", scopes[2] is empty, scopes[3] has no action after ":"';
    const others = ', scopes[4] has no resource before ":", scopes[5] has more than one ":" and 2 more are wrong. ';
    const rule = 'A scope is resource:action, resource:* or *, of letters, digits, "_", "." and "-".';
    expect(() => ScopeGrant.requested(scopes)).toThrow(first + others + rule);
    const last = 'scopes[0] has a character that may not stand there, scopes[1] has more than 255 characters. ';
    expect(() => ScopeGrant.requested(scopes.slice(-2))).toThrow(last + rule);
  });

  it('is refused with the numbers where there are too many', () => {
    const message = 'A key takes at most 100 scopes, 4096 characters in all. These are 101 scopes of 303 characters.';
    expect(() => ScopeGrant.requested(Array<string>(101).fill('a:b'))).toThrow(message);
  });

  it('is refused without repeating what was sent', () => {
    const ask = () => ScopeGrant.requested(['<script>']);
    expect(ask).toThrow(INVALID);
    expect(ask).not.toThrow(/script/);
  });
});
