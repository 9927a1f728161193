import { createHmac } from 'node:crypto';
import { ImportedToken } from '@feather-identity/core';
import { anImportedApiKey } from '@feather-identity/core/testing';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { DataSource } from 'typeorm';
import { openHostDatabase } from '../testing/open-host-database.js';
import type { TestDatabase } from '../testing/open-test-database.js';
import { DATABASES } from '../testing/test-location.js';
import { canonicalHash } from './crypto/imported/canonical-hash.js';
import { ImportedKeysFormatError } from './crypto/imported/imported-key-lookups.js';
import { generatePepper, PepperFormatError, PepperRing } from './crypto/pepper-ring.js';
import { createTypeOrmIdentity, type TypeOrmIdentityOptions } from './typeorm-identity.js';

const PEPPERS = generatePepper(1);

describe.each(DATABASES)("keys in an application's own database on %s", (type) => {
  let database: TestDatabase;

  beforeEach(async () => {
    database = await openHostDatabase({ type, naming: { tablePrefix: 'auth_' } });
  });
  afterEach(() => database.close());

  const create = (options: Partial<TypeOrmIdentityOptions> = {}) =>
    createTypeOrmIdentity({ dataSource: database.dataSource, keyNamespace: 'acme', peppers: PEPPERS, ...options });

  it('begin with an organization and a key that is found and proven', async () => {
    const { createOrganization, tokenFormat, apiKeys, secretHasher } = create();
    const { token, organization } = await createOrganization.execute('Acme');
    const parsed = tokenFormat.parse(token.reveal());
    expect(token.reveal()).toMatch(/^acme_live_/);
    const credential = await apiKeys.findCredential(parsed?.keyPrefix ?? '');
    expect(credential).toMatchObject({ organization: { id: organization.id, name: 'Acme' } });
    expect(credential?.secret.hash).toMatch(/^\$2b\$10\$/);
    await expect(secretHasher.verify(token, credential!.secret)).resolves.toMatchObject({ valid: true });
  });

  it('are hashed and spelled as the application decides', async () => {
    const { createOrganization } = create({ keyEnvironment: 'test', secretScheme: 'hmac-sha256' });
    const { token, secret } = await createOrganization.execute('Acme');
    expect(token.reveal()).toMatch(/^acme_test_/);
    expect(secret.hash).toBeNull();
    const costly = await create({ bcryptCost: 4 }).createOrganization.execute('Acme');
    expect(costly.secret.hash).toMatch(/^\$2b\$04\$/);
  });

  it('have one of several environments, the first unless another one is asked for', async () => {
    const { createOrganization, issueOwnerKey, tokenFormat, apiKeys } = create({ keyEnvironment: ['live', 'test'] });
    const { token, organization } = await createOrganization.execute('Acme');
    const issued = await issueOwnerKey.execute(organization.id, { name: 'Sandbox', environment: 'test' });
    expect([token.keyPrefix, issued.token.keyPrefix]).toEqual([
      expect.stringMatching(/^acme_live_/),
      expect.stringMatching(/^acme_test_/),
    ]);
    for (const { keyPrefix } of [token, issued.token].map((each) => tokenFormat.parse(each.reveal())!))
      expect((await apiKeys.findCredential(keyPrefix))?.apiKey.environment).toBe(keyPrefix.split('_')[1]);
    const unknown = issueOwnerKey.execute(organization.id, { name: 'Staging', environment: 'staging' });
    await expect(unknown).rejects.toMatchObject({ code: 'token.format_invalid' });
  });

  it('of another system are taken over and found as the application says', async () => {
    const PEPPER = Buffer.from('pepper of the old system');
    const lookups = 'hmac-sha256,prefix:8';
    const identity = create({ importedKeys: { lookups, peppers: `old:${PEPPER.toString('base64url')}` } });
    const { createOrganization, importApiKeys, importedKeys, apiKeys, secretHasher } = identity;
    const { organization } = await createOrganization.execute('Acme');
    const hash = createHmac('sha256', PEPPER).update('sk_live_1').digest('hex');
    const canonical = canonicalHash({ scheme: 'hmac-sha256', hash, encoding: 'hex', pepper: 'old' });
    const row = anImportedApiKey(organization.id, 'sk_live_1', { ...canonical, lookup: canonical.lookup ?? '' });
    await expect(importApiKeys.execute([row], { dryRun: false })).resolves.toEqual(['imported']);
    const keyPrefix = await apiKeys.findImported(importedKeys?.lookupsOf('sk_live_1') ?? []);
    const credential = await apiKeys.findCredential(keyPrefix ?? '');
    const verify = (text: string) => secretHasher.verify(new ImportedToken(keyPrefix ?? '', text), credential!.secret);
    await expect(verify('sk_live_1')).resolves.toMatchObject({ valid: true });
    await expect(verify('sk_live_2')).resolves.toEqual({ valid: false });
  });

  it('are made and verified with peppers that are read when they are first needed', async () => {
    let reads = 0;
    const peppers = async () => {
      reads += 1;
      return PepperRing.parse(PEPPERS);
    };
    const { listOrganizations, createOrganization, secretHasher } = create({ peppers });
    await listOrganizations.execute();
    expect(reads).toBe(0);
    const { token, secret } = await createOrganization.execute('Acme');
    await expect(create().secretHasher.verify(token, { ...secret, hash: null })).resolves.toMatchObject({
      valid: true,
    });
    await expect(secretHasher.verify(token, secret)).resolves.toMatchObject({ valid: true });
    expect(reads).toBe(1);
  });

  it('read their peppers again where they could not be read', async () => {
    let failures = 1;
    const peppers = async () => {
      if (failures-- > 0) throw new Error('The vault does not answer.');
      return PepperRing.parse(PEPPERS);
    };
    const { createOrganization } = create({ peppers });
    await expect(createOrganization.execute('Acme')).rejects.toThrow('The vault does not answer.');
    await expect(createOrganization.execute('Acme')).resolves.toBeDefined();
  });

  it('of other systems are not looked for unless the application says how', () => {
    expect(create().importedKeys).toBeUndefined();
  });

  it.each<[string, Partial<TypeOrmIdentityOptions>, unknown]>([
    ['look-ups that are none', { importedKeys: { lookups: 'md5' } }, ImportedKeysFormatError],
    [
      'peppers of another system that cannot be read',
      { importedKeys: { lookups: 'hmac-sha256', peppers: '?' } },
      PepperFormatError,
    ],
    ['peppers that cannot be read', { peppers: 'secret' }, PepperFormatError],
    [
      'no peppers',
      { peppers: undefined as unknown as string },
      /^peppers must have .* generatePepper\(1\) make them\.$/,
    ],
    ['a namespace that tokens cannot begin with', { keyNamespace: 'ACME' }, /Namespace/],
    ['a cost that no stored hash may have', { bcryptCost: 15 }, RangeError],
    ['no whole cost', { bcryptCost: 10.5 }, RangeError],
    ['a limit of keys that is no number', { maxKeysPerOrganization: Number.NaN }, RangeError],
    ['usage that is kept for no day', { usageHoursKeptDays: 0 }, RangeError],
    ['usage that is kept for less than a month', { usageDaysKeptDays: 30 }, RangeError],
    ['a limit of no keys', { maxKeysPerOrganization: 0 }, RangeError],
  ])('are refused with %s', (_what, options, error) => {
    expect(() => create(options)).toThrow(error);
  });

  it('are refused with an option that does not exist, which is named', () => {
    const options: object = { maxKeyPerOrganization: 3 };
    expect(() => create(options)).toThrow('createTypeOrmIdentity has no option maxKeyPerOrganization.');
  });

  it('are refused by a data source that is not initialized', () => {
    const dataSource = new DataSource(database.dataSource.options);
    expect(() => create({ dataSource })).toThrow('initialized');
  });
});

describe("keys in an application's SQLite", () => {
  it('are refused while it does not look at foreign keys', async () => {
    const database = await openHostDatabase({ type: 'sqlite', naming: { tablePrefix: 'auth_' } });
    const { dataSource } = database;
    await dataSource.query('PRAGMA foreign_keys = OFF');
    expect(() => createTypeOrmIdentity({ dataSource, keyNamespace: 'acme', peppers: PEPPERS })).toThrow('foreign_keys');
    await database.close();
  });
});
