import { describe, expect, it } from '@jest/globals';
import { identityEntities } from './tables.js';
import { identityMigrations } from '../migrations/identity-migrations.js';
import type { TableNaming } from './tables.js';

const REFUSED: readonly TableNaming[] = [
  { tablePrefix: '' },
  { tablePrefix: 'Auth_' },
  { tablePrefix: '1_' },
  { tablePrefix: 'auth-' },
  { tablePrefix: 'auth.' },
  { tablePrefix: 'auth"; DROP TABLE members; --' },
  { tablePrefix: 'auth_\n' },
  { tablePrefix: 'ähm_' },
  { tablePrefix: 'pg_' },
  { tablePrefix: 'sqlite_' },
  { tablePrefix: 'a'.repeat(25) },
  { schema: '' },
  { schema: 'Auth' },
  { schema: 'pg_temp' },
  { schema: 'a'.repeat(64) },
];

const ACCEPTED: readonly TableNaming[] = [
  {},
  { tablePrefix: '_' },
  { tablePrefix: 'app2_' },
  { tablePrefix: 'a'.repeat(24) },
  { schema: 'a'.repeat(63) },
  { schema: 'user' },
];

describe('names of tables', () => {
  it.each(REFUSED)('%j are refused, by the name of the option', (naming) => {
    const [option] = Object.keys(naming);
    expect(() => identityEntities('postgres', naming)).toThrow(option);
    expect(() => identityMigrations(naming)).toThrow(option);
  });

  it.each(ACCEPTED)('%j are accepted', (naming) => {
    expect(identityEntities('postgres', naming).length).toBeGreaterThan(0);
    expect(identityMigrations(naming).length).toBeGreaterThan(0);
  });

  it('have no schema on SQLite', () => {
    expect(() => identityEntities('better-sqlite3', { schema: 'auth' })).toThrow('tablePrefix');
  });
});

describe('entities', () => {
  it('are made anew for each data source', () => {
    const [a, b] = [identityEntities('postgres'), identityEntities('postgres', { tablePrefix: 'auth_' })];
    expect(a.map(({ options }) => options.tableName)).toContain('api_keys');
    expect(b.map(({ options }) => options.tableName)).toContain('auth_api_keys');
    expect(a.filter((entity) => b.includes(entity))).toEqual([]);
  });
});

describe('the recorded names of migrations', () => {
  const namesOf = (naming?: TableNaming) => identityMigrations(naming).map((Migration) => new Migration().name);

  it('are those of the service without a name of tables', () => {
    expect(namesOf()).toEqual([
      'CreateIdentityTables1764000000000',
      'AddKeyLife1764100000000',
      'AddImportedKeys1764200000000',
      'ExpandIdentityScopesRequired1764300000000',
      'ExpandIdentityAuditIndexes1764400000000',
      'ExpandIdentityUseObservations1764410000000',
      'ExpandIdentityLiveKeys1764500000000',
      'ExpandIdentityLiveKeysIndex1764510000000',
      'ExpandIdentityKeySettings1764600000000',
      'ExpandIdentityAuditedPrefixes1764610000000',
      'ExpandIdentityRemovedSecretsIndex1764611000000',
      'ExpandIdentityKeyDetails1764620000000',
      'ExpandIdentityOperatorApi1764630000000',
      'ExpandIdentityOperatorIndexes1764631000000',
      'ExpandIdentityKeyLineage1764640000000',
      'ExpandIdentityExpiryNotices1764641000000',
      'ExpandIdentityKeySearch1764650000000',
      'ExpandIdentityKeyQuotas1764660000000',
      'ExpandIdentityKeyUsage1764670000000',
      'ExpandIdentityDeletedOrganizationsIndex1764671000000',
      'ExpandIdentityConsole1764680000000',
      'ExpandIdentityAuditActors1764690000000',
      'ExpandIdentityCredentialLeases1764700000000',
      'ExpandIdentityCreatorStatistics1764710000000',
    ]);
  });

  it('tell installations apart', () => {
    expect(namesOf({ tablePrefix: 'auth_' })[0]).toBe('CreateIdentityTables(auth_*)1764000000000');
    expect(namesOf({ schema: 'auth' })[0]).toBe('CreateIdentityTables(auth.*)1764000000000');
    expect(namesOf({ schema: 'a', tablePrefix: 'b_' })[0]).toBe('CreateIdentityTables(a.b_*)1764000000000');
  });
});
