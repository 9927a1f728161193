import { RevokeUnusedApiKeys, type RevokedUnusedApiKeys } from '@feather-identity/core';
import { Injectable } from '@nestjs/common';
import { HourlyJob } from './hourly-job.js';

const FIRST_RUN_MS = 60_000;

/** How many keys a line of the log names. */
const MAX_NAMED = 20;

/** Applies the policies that revoke unused keys: a minute after the start, and every hour. */
@Injectable()
export class UnusedKeysRevoker extends HourlyJob {
  constructor(private readonly revokeUnusedApiKeys: RevokeUnusedApiKeys) {
    super(FIRST_RUN_MS, 'look for unused keys');
  }

  protected override run(): Promise<unknown> {
    return this.revokeUnusedApiKeys.execute((revoked) => {
      this.report(revoked);
    });
  }

  private report({ organizationId, days, apiKeyIds, revokedDescendants }: RevokedUnusedApiKeys): void {
    const named = apiKeyIds.slice(0, MAX_NAMED).join(', ');
    const others = apiKeyIds.length > MAX_NAMED ? ` and ${apiKeyIds.length - MAX_NAMED} more` : '';
    const made = revokedDescendants > 0 ? `; and ${revokedDescendants} that they made` : '';
    this.logger.warn(
      `Revoked ${apiKeyIds.length} API keys of organization ${organizationId}, not used for ${days} days: ` +
        `${named}${others}${made}`,
    );
  }
}
