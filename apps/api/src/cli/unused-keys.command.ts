import { Command } from 'commander';
import { withExamples, withJson } from './options.js';
import { print } from './print.js';
import { withSession } from './session.js';

/** `unused-keys`: the keys that the next run of the job on unused keys would revoke. */
export function unusedKeysCommand(): Command {
  return withExamples(withJson(new Command('unused-keys')), 'unused-keys --json')
    .description(
      'list the keys that the policies on unused keys would revoke now, without the keys that these have created; changes nothing',
    )
    .action(({ json }: { json?: boolean }) =>
      withSession(async ({ identity }) => {
        const preview = await identity.revokeUnusedApiKeys.preview();
        if (preview.length === 0 && json !== true) {
          await print(false, 'No policy of an organization revokes unused keys.');
          return;
        }
        await print(
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
