import { aNewOrganization, anId } from '@feather-identity/core/testing';
import type { NewOrganization } from '@feather-identity/core';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { openTestDatabase, type TestDatabase } from '../../../testing/open-test-database.js';
import { DATABASES } from '../../../testing/test-location.js';

const ZERO = '00000000-0000-0000-0000-000000000000';

/** How to make each database accept rows that break its foreign keys. */
const UNCHECKED = {
  sqlite: ['PRAGMA foreign_keys = OFF', 'PRAGMA foreign_keys = ON'],
  postgres: ['SET session_replication_role = replica', 'RESET session_replication_role'],
} as const;

describe.each(DATABASES)('a key of no organization, or not its own, on %s (AZ7)', (type) => {
  let database: TestDatabase;
  let mine: NewOrganization;
  let theirs: NewOrganization;

  beforeAll(async () => {
    database = await openTestDatabase(type);
  });
  beforeEach(async () => {
    await database.empty();
    [mine, theirs] = [aNewOrganization(), aNewOrganization()];
    await database.organizations.insert(mine);
    await database.organizations.insert(theirs);
  });
  afterAll(() => database.close());

  const insertKey = (organizationId: string, memberId: string) =>
    `INSERT INTO api_keys (id, organization_id, member_id, name, key_prefix, scopes, unrestricted, created_at)
     VALUES ('${anId()}', ${organizationId}, ${memberId}, 'x', '${anId()}', '[]', true, '2026-01-01')`;

  async function force(statement: string): Promise<void> {
    const runner = database.dataSource.createQueryRunner();
    const [off, on] = UNCHECKED[type];
    await runner.query(off);
    await runner.query(statement);
    await runner.query(on);
    await runner.release();
  }

  it.each(["''", 'NULL', `'${ZERO}'`, `'${anId()}'`])('cannot be inserted with the organization %s', async (value) => {
    const inserted = database.dataSource.query(insertKey(value, `'${mine.owner.id}'`));
    await expect(inserted).rejects.toThrow(/constraint|invalid input syntax/i);
  });

  it.each(["''", 'NULL', `'${ZERO}'`])('cannot be inserted with the member %s', async (value) => {
    const inserted = database.dataSource.query(insertKey(`'${mine.organization.id}'`, value));
    await expect(inserted).rejects.toThrow(/constraint|invalid input syntax/i);
  });

  it("cannot be inserted with another organization's member, nor moved there", async () => {
    const crossed = insertKey(`'${mine.organization.id}'`, `'${theirs.owner.id}'`);
    await expect(database.dataSource.query(crossed)).rejects.toThrow(/constraint/i);
    const moved = `UPDATE api_keys SET organization_id = '${theirs.organization.id}' WHERE id = '${mine.apiKey.id}'`;
    await expect(database.dataSource.query(moved)).rejects.toThrow(/constraint/i);
  });

  it('forced in with no organization is found by nobody', async () => {
    await force(`UPDATE api_keys SET organization_id = '${ZERO}' WHERE id = '${mine.apiKey.id}'`);
    await expectInvisible();
  });

  it("forced into another organization is found by nobody, and is in nobody's list", async () => {
    const moved = `organization_id = '${theirs.organization.id}', place = NULL`;
    await force(`UPDATE api_keys SET ${moved} WHERE id = '${mine.apiKey.id}'`);
    await expectInvisible();
  });

  it("forced onto another organization's member is found by nobody, and is in nobody's list", async () => {
    await force(`UPDATE api_keys SET member_id = '${theirs.owner.id}' WHERE id = '${mine.apiKey.id}'`);
    await expectInvisible();
  });

  it('is found by nobody after its organization or its member was deleted by force', async () => {
    await force(`DELETE FROM organizations WHERE id = '${mine.organization.id}'`);
    expect(await database.apiKeys.findCredential(mine.apiKey.keyPrefix)).toBeNull();
    await force(`DELETE FROM members WHERE id = '${theirs.owner.id}'`);
    expect(await database.apiKeys.findCredential(theirs.apiKey.keyPrefix)).toBeNull();
  });

  async function expectInvisible(): Promise<void> {
    expect(await database.apiKeys.findCredential(mine.apiKey.keyPrefix)).toBeNull();
    await expect(database.apiKeys.list(mine.organization.id)).resolves.toEqual([]);
    await expect(database.apiKeys.list(theirs.organization.id)).resolves.toEqual([theirs.apiKey]);
  }
});
