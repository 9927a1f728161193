import { describe, expect, it } from '@jest/globals';
import { ScopeGrant } from '../../domain/scope-grant.js';
import { anApiKey } from '../../testing/builders.js';
import { assertPermissionNames, assertScopes } from './assert-scopes.js';

const demand =
  (grant: ScopeGrant, ...scopes: string[]) =>
  () =>
    assertScopes({ apiKey: anApiKey({ grant }) }, scopes);

describe('demanding scopes', () => {
  it.each([
    ['an unrestricted key', ScopeGrant.unrestricted()],
    ['a key with *', ScopeGrant.of(['*'])],
    ['a key with their wildcards', ScopeGrant.of(['api_keys:*', 'audit:*'])],
    ['a key with each of them', ScopeGrant.of(['audit:read', 'api_keys:read'])],
  ])('lets %s pass', (_case, grant) => {
    expect(demand(grant, 'api_keys:read', 'audit:read')).not.toThrow();
  });

  it('lets any key pass that is asked for nothing, also one that holds nothing', () => {
    expect(demand(ScopeGrant.of([]))).not.toThrow();
  });

  it('names the scope that is missing', () => {
    expect(demand(ScopeGrant.of(['api_keys:read']), 'api_keys:read', 'audit:read')).toThrow(
      expect.objectContaining({ code: 'permission.denied', message: 'The API key lacks the scope "audit:read".' }),
    );
  });

  it('names all that are missing, in the order in which they are asked for', () => {
    expect(demand(ScopeGrant.of([]), 'b:c', 'a:b')).toThrow('The API key lacks the scopes "b:c", "a:b".');
  });
});

describe('what is demanded', () => {
  it('is any number of permissions', () => {
    expect(() => assertPermissionNames([])).not.toThrow();
    expect(() => assertPermissionNames(['a:b', 'api_keys:read'])).not.toThrow();
  });

  it.each(['*', 'a:*', 'a', '', 'a:b:c', 'a:b\n'])('is never %j', (scope) => {
    const demanded = () => assertPermissionNames(['a:b', scope]);
    expect(demanded).toThrow(expect.objectContaining({ code: 'api_key.scope_invalid' }));
    expect(demanded).toThrow(
      /^scopes\[1\] .+\. A scope that is required is spelled resource:action, without wildcards\.$/,
    );
  });
});
