import { describe, expect, it } from '@jest/globals';
import { keysSearch } from './screens/keys/keys-search.js';

describe('the parameters of an address', () => {
  it('are kept if they mean something', () => {
    const search = { q: 42, status: 'expired', label: 'team:shop', unused: 30, expiring: '7', sort: 'name' };
    expect(keysSearch(search)).toEqual({ ...search, q: '42', expiring: 7 });
  });

  it('are dropped otherwise', () => {
    const search = { q: '', status: 'x', label: {}, unused: -1, expiring: 1.5, sort: ['name'], other: 1 };
    expect(keysSearch(search)).toEqual({});
  });
});
