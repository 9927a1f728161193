import type { MigrationInterface } from 'typeorm';
import { CreateIdentityTables1764000000000 } from './1764000000000-create-identity-tables.js';
import { AddKeyLife1764100000000 } from './1764100000000-add-key-life.js';
import { AddImportedKeys1764200000000 } from './1764200000000-add-imported-keys.js';
import { ExpandIdentityScopesRequired1764300000000 } from './1764300000000-expand-identity-scopes-required.js';
import { ExpandIdentityAuditIndexes1764400000000 } from './1764400000000-expand-identity-audit-indexes.js';
import { ExpandIdentityUseObservations1764410000000 } from './1764410000000-expand-identity-use-observations.js';
import { ExpandIdentityLiveKeys1764500000000 } from './1764500000000-expand-identity-live-keys.js';
import { ExpandIdentityLiveKeysIndex1764510000000 } from './1764510000000-expand-identity-live-keys-index.js';
import { ExpandIdentityKeySettings1764600000000 } from './1764600000000-expand-identity-key-settings.js';
import { ExpandIdentityAuditedPrefixes1764610000000 } from './1764610000000-expand-identity-audited-prefixes.js';
import { ExpandIdentityRemovedSecretsIndex1764611000000 } from './1764611000000-expand-identity-removed-secrets-index.js';
import { ExpandIdentityKeyDetails1764620000000 } from './1764620000000-expand-identity-key-details.js';
import { ExpandIdentityOperatorApi1764630000000 } from './1764630000000-expand-identity-operator-api.js';
import { ExpandIdentityOperatorIndexes1764631000000 } from './1764631000000-expand-identity-operator-indexes.js';
import { ExpandIdentityKeyLineage1764640000000 } from './1764640000000-expand-identity-key-lineage.js';
import { ExpandIdentityExpiryNotices1764641000000 } from './1764641000000-expand-identity-expiry-notices.js';
import { ExpandIdentityKeySearch1764650000000 } from './1764650000000-expand-identity-key-search.js';
import { ExpandIdentityKeyQuotas1764660000000 } from './1764660000000-expand-identity-key-quotas.js';
import { ExpandIdentityKeyUsage1764670000000 } from './1764670000000-expand-identity-key-usage.js';
import { ExpandIdentityDeletedOrganizationsIndex1764671000000 } from './1764671000000-expand-identity-deleted-organizations-index.js';
import { ExpandIdentityConsole1764680000000 } from './1764680000000-expand-identity-console.js';
import { ExpandIdentityAuditActors1764690000000 } from './1764690000000-expand-identity-audit-actors.js';
import { ExpandIdentityCredentialLeases1764700000000 } from './1764700000000-expand-identity-credential-leases.js';
import { ExpandIdentityCreatorStatistics1764710000000 } from './1764710000000-expand-identity-creator-statistics.js';
import { checkTableNaming, type TableNaming } from '../tables/tables.js';

/** A class that TypeORM makes a migration of. */
export type MigrationClass = new () => MigrationInterface & { readonly name: string };

const MIGRATIONS: readonly MigrationClass[] = [
  CreateIdentityTables1764000000000,
  AddKeyLife1764100000000,
  AddImportedKeys1764200000000,
  ExpandIdentityScopesRequired1764300000000,
  ExpandIdentityAuditIndexes1764400000000,
  ExpandIdentityUseObservations1764410000000,
  ExpandIdentityLiveKeys1764500000000,
  ExpandIdentityLiveKeysIndex1764510000000,
  ExpandIdentityKeySettings1764600000000,
  ExpandIdentityAuditedPrefixes1764610000000,
  ExpandIdentityRemovedSecretsIndex1764611000000,
  ExpandIdentityKeyDetails1764620000000,
  ExpandIdentityOperatorApi1764630000000,
  ExpandIdentityOperatorIndexes1764631000000,
  ExpandIdentityKeyLineage1764640000000,
  ExpandIdentityExpiryNotices1764641000000,
  ExpandIdentityKeySearch1764650000000,
  ExpandIdentityKeyQuotas1764660000000,
  ExpandIdentityKeyUsage1764670000000,
  ExpandIdentityDeletedOrganizationsIndex1764671000000,
  ExpandIdentityConsole1764680000000,
  ExpandIdentityAuditActors1764690000000,
  ExpandIdentityCredentialLeases1764700000000,
  ExpandIdentityCreatorStatistics1764710000000,
];

/** TypeORM takes the last characters of a migration's name for its time. */
const TIMESTAMP_LENGTH = 13;

/**
 * The migrations of the identity tables, for the `migrations` of a data source that has `identityEntities` with the same
 * naming. TypeORM records each under a name that contains the naming, so that two installations in one database stay apart.
 *
 * @param naming - prefix and schema of the tables. Default: neither
 * @throws Error for a prefix or schema that would need quotes or would be cut off
 */
export function identityMigrations(naming: TableNaming = {}): MigrationClass[] {
  checkTableNaming(naming);
  const { tablePrefix = '', schema } = naming;
  if (tablePrefix === '' && schema === undefined) return [...MIGRATIONS];
  const tables = `${schema === undefined ? '' : `${schema}.`}${tablePrefix}*`;
  return MIGRATIONS.map(
    (Migration) =>
      class extends Migration {
        override readonly name = nameFor(tables, new Migration().name);
      },
  );
}

function nameFor(tables: string, name: string): string {
  return `${name.slice(0, -TIMESTAMP_LENGTH)}(${tables})${name.slice(-TIMESTAMP_LENGTH)}`;
}
