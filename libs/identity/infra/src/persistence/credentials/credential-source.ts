import type { ApiKeyCredential } from '@feather-identity/core';
import type { DataSource, ObjectLiteral } from 'typeorm';
import type { ColumnMetadata } from 'typeorm/metadata/ColumnMetadata.js';
import { ApiKeyRow, toApiKey } from '../tables/api-keys.js';
import { ApiKeySecretRow, toApiKeySecret } from '../tables/api-key-secrets.js';
import { MemberRow, toMember } from '../tables/members.js';
import { OrganizationRow, toOrganization } from '../tables/organizations.js';
import { tableNamesOf } from '../tables/tables.js';

/** The credentials of the public parts that it was made for, as they were at one moment; null for an unknown one. */
export type CredentialSnapshot = (keyPrefix: string) => ApiKeyCredential | null;

/** Reads credentials past the ORM. */
export interface CredentialSource {
  /** Statements that reached the database since the process started. */
  readonly queries: number;
  snapshot(keyPrefixes: readonly string[]): Promise<CredentialSnapshot>;
  /** A credential that is known to be valid now without a look at the database; undefined for any other. */
  held?(keyPrefix: string): ApiKeyCredential | undefined;
}

/** What the statement answers: the public part of the secret, then the columns of each of the `PARTS`. */
export type CredentialRow = readonly [keyPrefix: string, ...columns: unknown[]];

/** What a verdict does not depend on. */
const UNASKED = ['lastUsedAddress', 'lastUsedUserAgent'] as const;

/** What is read of each table. Ids that another part has are left out: the joins make them equal. */
const PARTS = [
  { alias: 's', table: ApiKeySecretRow, without: ['apiKeyId', 'lookup'] },
  { alias: 'k', table: ApiKeyRow, without: ['organizationId', 'memberId', 'place', ...UNASKED] },
  { alias: 'o', table: OrganizationRow, without: ['liveKeys', 'deletedAt'] },
  { alias: 'm', table: MemberRow, without: ['organizationId', 'updatedAt'] },
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
 * @param toDate - makes a Date of the driver's value; if it throws, only that row fails
 */
export function credentialReader(
  dataSource: DataSource,
  toDate: (instant: unknown) => Date,
): (row: CredentialRow) => ApiKeyCredential {
  // The first value is `found_by`.
  let at = 1;
  const [readSecret, readApiKey, readOrganization, readMember] = PARTS.map((part) => {
    const columns = columnsOf(dataSource, part);
    const start = at;
    at += columns.length;
    return reader(columns, start, toDate);
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

/** Reads the columns of one table, which begin at `start`. */
function reader(
  columns: readonly ColumnMetadata[],
  start: number,
  toDate: (instant: unknown) => Date,
): Reader<Record<string, unknown>> {
  const fields = columns.map(({ propertyName, type }) => ({
    name: propertyName,
    isInstant: type === 'timestamptz' || type === 'datetime',
    isBoolean: type === 'boolean',
  }));
  return (row) => {
    const values: Record<string, unknown> = {};
    let at = start;
    for (const { name, isInstant, isBoolean } of fields) {
      const value = row[at++];
      values[name] = isInstant && value !== null ? toDate(value) : isBoolean ? Boolean(value) : value;
    }
    return values;
  };
}

function columnsOf(
  dataSource: DataSource,
  { table, without }: { readonly table: new () => ObjectLiteral; readonly without: readonly string[] },
): readonly ColumnMetadata[] {
  return dataSource.getMetadata(table).columns.filter(({ propertyName }) => !without.includes(propertyName));
}
