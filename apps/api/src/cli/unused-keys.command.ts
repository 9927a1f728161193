import { RevokeUnusedApiKeys } from '@feather-identity/core';
import { Command } from 'commander';
import { ids } from '../services/issuing.js';
import { withJson } from './options.js';
import { print } from './print.js';
import { withSession } from './session.js';

/** `unused-keys`: the keys that the next run of the job on unused keys would revoke. */
export function unusedKeysCommand(): Command {
  return withJson(new Command('unused-keys'))
    .description('list the keys that the policies on unused keys would revoke now; revokes none')
    .action(({ json }: { json?: boolean }) =>
      withSession(async ({ persistence }) => {
        const preview = await new RevokeUnusedApiKeys({ ...persistence, ids }).preview();
        if (preview.length === 0 && json !== true) {
          print(false, 'No policy of an organization revokes unused keys.');
          return;
        }
        print(
          json,
          preview.map(({ organizationId, days, since, apiKeyIds }) => ({
            organization_id: organizationId,
            revoke_unused_after_days: days,
            // Null: uses have not been observed for that many days yet, so no key is revoked.
            unused_since: since?.toISOString() ?? null,
            api_key_ids: apiKeyIds,
          })),
        );
      }),
    );
}
