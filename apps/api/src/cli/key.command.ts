import { type ApiKey, IdentityError, OPERATOR, RevokeApiKey } from '@feather-identity/core';
import { Argument, Command } from 'commander';
import type { Persistence } from '../services/persistence.js';
import { organizationOption, uuid, withJson } from './options.js';
import { print } from './print.js';
import { withSession } from './session.js';

interface KeyOptions {
  readonly organization: string;
  readonly json?: boolean;
}

/** `key create|list|revoke`: for emergencies, also while the service runs. */
export function keyCommand(): Command {
  const key = new Command('key').description('create, list and revoke the keys of an organization');
  withJson(key.command('create'))
    .description("create an unrestricted key of the organization's owner; prints it once")
    .addOption(organizationOption())
    .requiredOption('--name <name>', 'its name')
    .action(({ organization, name, json }: KeyOptions & { name: string }) =>
      withSession(async ({ issuing, persistence }) => {
        const { apiKey, token } = await (await issuing()).issueOwnerKey.execute(organization, { name });
        print(json, { ...describeKey(apiKey, persistence), plain_text_key: token.reveal() });
      }),
    );
  withJson(key.command('list'))
    .description('list the keys that are not revoked')
    .addOption(organizationOption())
    .action(({ organization, json }: KeyOptions) =>
      withSession(async ({ persistence }) => {
        // Otherwise a mistyped organization would look like one without keys.
        if ((await persistence.organizations.findOwner(organization)) === null) {
          throw new IdentityError('organization.not_found', 'No such organization.');
        }
        const keys = await persistence.apiKeys.list(organization);
        print(
          json,
          keys.map((key) => describeKey(key, persistence)),
        );
      }),
    );
  key
    .command('revoke')
    .description('revoke a key at once and for good')
    .addArgument(new Argument('<key-id>', 'the key').argParser(uuid))
    .addOption(organizationOption())
    .action((keyId: string, { organization }: KeyOptions) =>
      withSession(async ({ persistence }) => {
        await new RevokeApiKey(persistence.apiKeys, persistence.events).execute(organization, keyId, OPERATOR);
        print(false, `Revoked ${keyId}.`);
      }),
    );
  return key;
}

function describeKey(apiKey: ApiKey, { clock }: Persistence) {
  return {
    id: apiKey.id,
    name: apiKey.name,
    key_prefix: apiKey.keyPrefix,
    scopes: apiKey.grant.scopes,
    is_active: apiKey.isActive(clock.now()),
    last_used_at: apiKey.lastUsedAt?.toISOString() ?? null,
    expires_at: apiKey.expiresAt?.toISOString() ?? null,
    created_at: apiKey.createdAt.toISOString(),
  };
}
