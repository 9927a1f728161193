import { type ApiKey, type Clock, IdentityError, OPERATOR } from '@feather-identity/core';
import { Argument, Command } from 'commander';
import { shown } from '../standard-output.js';
import { keyFindCommand } from './key-find.command.js';
import { organizationOption, uuid, withJson } from './options.js';
import { print } from './print.js';
import { withSession } from './session.js';

interface KeyOptions {
  readonly organization: string;
  readonly json?: boolean;
}

/** `key create|list|revoke|find`: for emergencies, also while the service runs. */
export function keyCommand(): Command {
  const key = new Command('key').description('create, list, revoke and find keys');
  withJson(key.command('create'))
    .description("create an unrestricted key of the organization's owner; prints it once")
    .addOption(organizationOption())
    .requiredOption('--name <name>', 'its name')
    .action(({ organization, name, json }: KeyOptions & { name: string }) =>
      withSession(async ({ identity }) => {
        const { apiKey, token } = await identity.issueOwnerKey.execute(organization, { name });
        const answer = { ...describeKey(apiKey, identity.clock), plain_text_key: token.reveal() };
        await shown(apiKey, print(json, answer));
      }),
    );
  withJson(key.command('list'))
    .description('list the keys that are not revoked')
    .addOption(organizationOption())
    .action(({ organization, json }: KeyOptions) =>
      withSession(async ({ identity }) => {
        // Otherwise a mistyped organization would look like one without keys.
        if ((await identity.organizations.findOwner(organization)) === null) {
          throw new IdentityError('organization.not_found', 'No such organization.');
        }
        const keys = await identity.apiKeys.list(organization);
        await print(
          json,
          keys.map((key) => describeKey(key, identity.clock)),
        );
      }),
    );
  key
    .command('revoke')
    .description('revoke a key at once and for good')
    .addArgument(new Argument('<key-id>', 'the key').argParser(uuid))
    .addOption(organizationOption())
    .action((keyId: string, { organization }: KeyOptions) =>
      withSession(async ({ identity }) => {
        await identity.revokeApiKey.execute(organization, keyId, OPERATOR);
        await print(false, `Revoked ${keyId}.`);
      }),
    );
  return key.addCommand(keyFindCommand());
}

function describeKey(apiKey: ApiKey, clock: Clock) {
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
