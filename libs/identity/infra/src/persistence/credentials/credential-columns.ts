import type { ApiKeyCredential } from '@feather-identity/core';
import type { DataSource, ObjectLiteral } from 'typeorm';
import { ApiKeyRow, toApiKey } from '../tables/api-keys.js';
import { ApiKeySecretRow, toApiKeySecret } from '../tables/api-key-secrets.js';
import { MemberRow, toMember } from '../tables/members.js';
import { OrganizationRow, toOrganization } from '../tables/organizations.js';
import { tableNamesOf } from '../tables/tables.js';

/** What the statement answers: the public part of the secret, then the columns of each of the `PARTS`. */
export type CredentialRow = readonly [keyPrefix: string, ...columns: unknown[]];

/** What is read of each table. Ids that another part has are left out: the joins make them equal. */
const PARTS = [
  { alias: 's', table: ApiKeySecretRow, without: ['apiKeyId', 'lookup'] },
  { alias: 'k', table: ApiKeyRow, without: ['organizationId', 'memberId', 'place'] },
  { alias: 'o', table: OrganizationRow, without: ['liveKeys'] },
  { alias: 'm', table: MemberRow, without: ['organizationId'] },
] as const;

/** One read for the whole verdict. The inner joins drop a key whose organization or member is not its own. */
export function credentialStatement(dataSource: DataSource, condition: '= ?' | '= ANY($1)'): string {
  const tables = tableNamesOf(dataSource);
  const columns = PARTS.flatMap((part) =>
    columnsOf(dataSource, part).map(({ databaseName }) => `${part.alias}.${databaseName}`),
  );
  return (
    `SELECT s.key_prefix AS found_by, ${columns.join(', ')} ` +
    `FROM ${tables.apiKeySecrets} s JOIN ${tables.apiKeys} k ON k.id = s.api_key_id ` +
    `JOIN ${tables.organizations} o ON o.id = k.organization_id ` +
    `JOIN ${tables.members} m ON m.id = k.member_id AND m.organization_id = k.organization_id ` +
    `WHERE s.key_prefix ${condition}`
  );
}

/**
 * Makes a function that turns a row of the statement into its credential.
 *
 * @param toDate what makes a Date of the driver's instant; it may throw, and fails that row alone then
 */
export function credentialReader(
  dataSource: DataSource,
  toDate: (instant: unknown) => Date,
): (row: CredentialRow) => ApiKeyCredential {
  // The first value is `found_by`.
  let at = 1;
  const [readSecret, readApiKey, readOrganization, readMember] = PARTS.map((part) => {
    const fields = columnsOf(dataSource, part).map(
      ({ propertyName, type }) => [propertyName, convert(type, toDate)] as const,
    );
    const start = at;
    at += fields.length;
    return (row: CredentialRow) => {
      const values: Record<string, unknown> = {};
      for (const [index, [name, of]] of fields.entries()) values[name] = of(row[start + index]);
      return values;
    };
  }) as unknown as readonly [Reader<ApiKeySecretRow>, Reader<ApiKeyRow>, Reader<OrganizationRow>, Reader<MemberRow>];
  return (row) => {
    const apiKey = readApiKey(row);
    const organization = toOrganization(readOrganization(row));
    const member = readMember(row);
    const organizationId = organization.id;
    return {
      secret: toApiKeySecret(Object.assign(readSecret(row), { apiKeyId: apiKey.id })),
      apiKey: toApiKey(Object.assign(apiKey, { organizationId, memberId: member.id })),
      organization,
      member: toMember(Object.assign(member, { organizationId })),
    };
  };
}

type Reader<Row> = (row: CredentialRow) => Row;

function columnsOf(
  dataSource: DataSource,
  { table, without }: { table: new () => ObjectLiteral; without: readonly string[] },
) {
  return dataSource.getMetadata(table).columns.filter(({ propertyName }) => !without.includes(propertyName));
}

function convert(type: unknown, toDate: (instant: unknown) => Date): (value: unknown) => unknown {
  if (type === 'timestamptz' || type === 'datetime') return (value) => (value === null ? null : toDate(value));
  return type === 'boolean' ? Boolean : (value) => value;
}
