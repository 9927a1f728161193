import { type ApiKeyUsage, type OrganizationUsage, type UsageBucket, UsageCounts } from '@feather-identity/core';

/** Counts in SQLite or PostgreSQL. Its tables are still missing: nothing is kept. */
export class TypeOrmUsageCounts extends UsageCounts {
  override async add(): Promise<void> {}

  override async buckets(): Promise<readonly UsageBucket[]> {
    return [];
  }

  override async ofKeys(): Promise<readonly ApiKeyUsage[]> {
    return [];
  }

  override async busiestKeys(): Promise<readonly ApiKeyUsage[]> {
    return [];
  }

  override async busiestOrganizations(): Promise<readonly OrganizationUsage[]> {
    return [];
  }

  override async removeBefore(): Promise<boolean> {
    return false;
  }
}
