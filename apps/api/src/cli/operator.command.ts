import { OPERATOR_SCOPES, type OperatorKey } from '@feather-identity/core';
import { Command, Option } from 'commander';
import { operator } from '../environment/operator.js';
import { shownToOperator } from '../standard-output.js';
import { confirm } from './confirm.js';
import { expiresAtOption, type Moment, scopes, untilMoment, withExamples, withJson } from './options.js';
import { print, printList } from './print.js';
import { printable } from './printable.js';
import { findOperatorKey } from './references.js';
import { withSession } from './session.js';
import { UsageError } from './usage-error.js';

interface CreateOptions {
  readonly name: string;
  readonly scopes?: string[];
  readonly unrestricted?: boolean;
  readonly expiresAt?: Moment;
  readonly json?: boolean;
}

/** `operator key create|list|revoke`: the only way to keys of the operator API. */
export function operatorCommand(): Command {
  const key = new Command('key')
    .description('manage the keys of the operator API, which is off until one exists')
    .addCommand(createCommand())
    .addCommand(listCommand())
    .addCommand(revokeCommand());
  return new Command('operator').description('manage who may use the operator API').addCommand(key);
}

function createCommand(): Command {
  const create = withJson(new Command('create'))
    .description('create a key of the operator API; prints it once')
    .requiredOption('--name <name>', 'its name, which the audit log shows')
    .addOption(
      new Option(
        '--scopes <scopes>',
        `what it may do, separated by commas: ${OPERATOR_SCOPES.join(', ')}, or wildcards`,
      )
        .argParser(scopes)
        .conflicts('unrestricted'),
    )
    .option('--unrestricted', 'may do everything, in every organization')
    .addOption(expiresAtOption())
    .action(createKey);
  return withExamples(
    create,
    "operator key create --name sign-up --scopes 'organizations:*,members:*' --expires-at 90d",
    'operator key create --name console --unrestricted',
  );
}

/** As for keys of organizations, a forgotten option must not grant everything. */
function createKey({ name, scopes: named, unrestricted, expiresAt: end, json }: CreateOptions) {
  if (named === undefined && unrestricted !== true) {
    throw new UsageError(
      'error: say what the key may do, by --scopes, or that it may do everything, by --unrestricted',
    );
  }
  return withSession(async ({ identity: { manageOperatorKeys, clock } }) => {
    const expiresAt = end === undefined ? null : untilMoment(end, clock.now());
    const request = { name, scopes: named ?? null, expiresAt };
    const { operatorKey, token } = await manageOperatorKeys.create(request, operator());
    const answer = { ...operatorKeyRecord(operatorKey), plain_text_key: token.reveal() };
    await shownToOperator(operatorKey, print(json, answer));
  });
}

function listCommand(): Command {
  const list = withJson(new Command('list'))
    .description('list the keys of the operator API, including revoked ones')
    .action(({ json }: { json?: boolean }) =>
      withSession(async ({ identity: { manageOperatorKeys, clock } }) => {
        const now = clock.now();
        await printList(json, await manageOperatorKeys.list(), {
          record: operatorKeyRecord,
          columns: {
            ID: ({ id }) => id,
            NAME: ({ name }) => name,
            PREFIX: ({ keyPrefix }) => keyPrefix,
            STATE: (key) => operatorKeyState(key, now),
            SCOPES: ({ grant }) => (grant.unrestricted ? 'unrestricted' : grant.scopes),
            USED: ({ lastUsedAt }) => lastUsedAt,
            EXPIRES: ({ expiresAt }) => expiresAt,
            CREATED: ({ createdAt }) => createdAt,
          },
          dispensable: ['CREATED', 'PREFIX'],
          none: 'No operator keys: the operator API is off.',
          now,
        });
      }),
    );
  return withExamples(list, 'operator key list');
}

function revokeCommand(): Command {
  const revoke = withJson(new Command('revoke'))
    .description('revoke a key of the operator API at once and permanently; asks for confirmation on a terminal')
    .argument('<key>', 'its id, the beginning of its id, or its name')
    .option('-y, --yes', 'do not ask')
    .action((given: string, { yes, json }: { yes?: boolean; json?: boolean }) =>
      withSession(async ({ identity: { manageOperatorKeys } }) => {
        const key = findOperatorKey(await manageOperatorKeys.list(), given);
        const { id, name, keyPrefix: key_prefix } = key;
        await confirm(`${id}  ${key_prefix}  ${printable(name)}\nRevoke for good?`, yes);
        await manageOperatorKeys.revoke(key, operator());
        await print(json, json ? { id, name, key_prefix } : `Revoked ${id} (${printable(name)}).`);
      }),
    );
  return withExamples(revoke, 'operator key revoke sign-up');
}

/** What has become of an operator key. */
export function operatorKeyState({ revokedAt, expiresAt }: OperatorKey, now: Date): string {
  if (revokedAt !== null) return 'revoked';
  return expiresAt !== null && expiresAt <= now ? 'expired' : 'active';
}

function operatorKeyRecord(key: OperatorKey) {
  const iso = (instant: Date | null) => instant && instant.toISOString();
  return {
    id: key.id,
    name: key.name,
    key_prefix: key.keyPrefix,
    scopes: key.grant.scopes,
    unrestricted: key.grant.unrestricted,
    created_at: key.createdAt.toISOString(),
    last_used_at: iso(key.lastUsedAt),
    expires_at: iso(key.expiresAt),
    revoked_at: iso(key.revokedAt),
  };
}
