import { describe, expect, it } from '@jest/globals';
import { type CataloguedScope, ScopeCatalogue } from './scope-catalogue.js';

const scope = (name: string): CataloguedScope => ({ name, description: `What ${name} allows`, group: 'Shop' });
const catalogue = new ScopeCatalogue([scope('orders:read'), scope('orders:write'), scope('stock:read')]);

describe('a catalogue of scopes', () => {
  it.each(['orders:read', 'orders:*', 'stock:*', '*', 'api_keys:manage', 'api_keys:*', 'audit:read'])(
    'knows %s',
    (name) => {
      expect(() => catalogue.assertKnown([name])).not.toThrow();
    },
  );

  it.each([
    ['orders:raed', 'Did you mean "orders:read"?'],
    ['Orders:read', 'Did you mean "orders:read"?'],
    ['api_key:manage', 'Did you mean "api_keys:manage"?'],
    ['order:*', 'GET /v1/identity/scopes lists them.'],
    ['a:b', 'GET /v1/identity/scopes lists them.'],
    [`s${'k'.repeat(200)}:x`, 'GET /v1/identity/scopes lists them.'],
  ])('refuses %s and names the nearest, but not what was sent', (name, hint) => {
    const message = `scopes[1] is not in the catalogue of scopes. ${hint}`;
    expect(() => catalogue.assertKnown(['orders:read', name])).toThrow(
      expect.objectContaining({ code: 'api_key.scope_unknown', message }),
    );
  });

  it('lists the scopes of the application, and those of the identity API once', () => {
    const names = new ScopeCatalogue([scope('audit:read'), scope('orders:read')]).scopes.map(({ name }) => name);
    expect(names.slice(0, 3)).toEqual(['audit:read', 'orders:read', 'api_keys:read']);
    expect(new Set(names).size).toBe(names.length);
  });

  it('knows every scope where none is set', () => {
    expect(() => new ScopeCatalogue().assertKnown(['any:scope'])).not.toThrow();
  });

  it.each<[string, unknown]>([
    ['an object', {}],
    ['null in it', [null]],
    ['a wildcard', [scope('orders:*')]],
    ['no description', [{ name: 'a:b', group: 'a' }]],
    ['an empty group', [{ ...scope('a:b'), group: '' }]],
    ['a misspelled field', [{ ...scope('a:b'), grup: '' }]],
    ['a name twice', [scope('a:b'), scope('a:b')]],
    ['too many', Array.from({ length: 1001 }, (_, index) => scope(`a:b${index}`))],
  ])('cannot be made of a list with %s', (_what, list) => {
    expect(() => new ScopeCatalogue(list as CataloguedScope[])).toThrow(RangeError);
  });
});
