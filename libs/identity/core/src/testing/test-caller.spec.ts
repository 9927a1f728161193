import { describe, expect, it } from '@jest/globals';
import { isStored } from '../domain/caller.js';
import { environmentOf } from '../domain/key-prefix.js';
import { testCaller } from './test-caller.js';

describe('a test caller', () => {
  it('has what a service tells of a caller, and nothing that only a store knows', () => {
    const caller = testCaller();
    expect(isStored(caller)).toBe(false);
    expect(Object.values(caller).map((part: object) => Object.keys(part).sort())).toEqual([
      ['id', 'name'],
      ['displayName', 'email', 'externalId', 'id', 'organizationId', 'role'],
      [
        'allowedNetworks',
        'environment',
        'expiresAt',
        'grant',
        'id',
        'keyPrefix',
        'memberId',
        'metadata',
        'name',
        'organizationId',
        'quota',
        'rateLimit',
      ],
    ]);
  });

  it('is one member of one organization, which no other caller belongs to', () => {
    for (const caller of [testCaller(), testCaller({ organization: { id: 'shop' }, member: { id: 'ada' } })]) {
      const { organization, member, apiKey } = caller;
      expect([member.organizationId, apiKey.organizationId]).toEqual([organization.id, organization.id]);
      expect(apiKey.memberId).toBe(member.id);
      expect(testCaller().organization.id).not.toBe(organization.id);
    }
  });

  it('is what the test says', () => {
    const expiresAt = new Date('2030-01-01T00:00:00Z');
    const caller = testCaller({
      organization: { name: 'Shop' },
      member: { role: 'org:admin', email: null },
      apiKey: { name: 'till', expiresAt, environment: 'live' },
    });
    expect(environmentOf(caller.apiKey.keyPrefix)).toBe('live');
    expect(caller).toMatchObject({
      organization: { name: 'Shop' },
      member: { role: 'org:admin', email: null, displayName: 'Ada Lovelace' },
      apiKey: { name: 'till', expiresAt },
    });
  });

  it.each([
    ['everything without scopes', undefined, true, true],
    ['nothing with no scope', [], false, false],
    ['what its scopes say', ['orders:read'], true, false],
    ['what its wildcards say', ['orders:*'], true, true],
  ])('may do %s', (_what, scopes, read, write) => {
    const { grant } = testCaller(scopes === undefined ? {} : { scopes }).apiKey;
    expect([grant.covers('orders:read'), grant.covers('orders:write')]).toEqual([read, write]);
  });

  it('is refused with a scope that no key can be given', () => {
    expect(() => testCaller({ scopes: ['orders.read'] })).toThrow('resource:action');
  });
});
