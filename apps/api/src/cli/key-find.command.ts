import { text } from 'node:stream/consumers';
import {
  type Actor,
  IdentityError,
  longestKeyPrefix,
  OPERATOR_ENVIRONMENT,
  type OperatorKey,
  type TokenFormat,
  type TracedApiKey,
} from '@feather-identity/core';
import { Command } from 'commander';
import { calledAs } from '../environment/called-as.js';
import { EnvironmentError } from '../environment/environment-error.js';
import { type Environment, readEnvironment } from '../environment/environment.js';
import { findPeppers } from '../services/peppers.js';
import { withExamples, withJson } from './options.js';
import { operatorKeyState } from './operator.command.js';
import { print } from './print.js';
import { printable } from './printable.js';
import { withSession } from './session.js';
import { UsageError } from './usage-error.js';

/** Stands for standard input. */
const STANDARD_INPUT = '-';

/** `key find`: whose a leaked token is or was. */
export function keyFindCommand(): Command {
  const command = withJson(new Command('find'));
  return withExamples(command, 'key find fth_live_7XVdoQwR', 'key find - < token.txt')
    .description('find the key of a leaked token, in any state; exits with 1 if there is none')
    .argument(
      '<prefix>',
      'the beginning of the token, as key_prefix shows it; - reads a whole token from standard input',
    )
    .action(async (given: string, { json }: { json?: boolean }) => {
      const env = readEnvironment();
      const isPrefix = given !== STANDARD_INPUT;
      if (isPrefix && given.length > longestKeyPrefix(given, env.tokenFormat)) {
        throw new UsageError(
          'error: A token does not belong on the command line, where the history of the shell and other users see it. ' +
            'Give its beginning alone, or pass it on standard input: key find - < FILE',
        );
      }
      const leaked = isPrefix ? given : tokenIn(await text(process.stdin), env.tokenFormat);
      if (leaked === '') throw new UsageError('error: Standard input has no token.');
      // Verification would make a file of new peppers, and then call every token wrong that depends on the old ones.
      if (!isPrefix && (await findPeppers(env)) === null) {
        throw new EnvironmentError([
          'SECRET_PEPPERS_FILE names a file that does not exist, so no token can be verified. Give the beginning of the ' +
            'token alone, or the settings of the service.',
        ]);
      }
      await withSession(async ({ identity: { traceApiKey, manageOperatorKeys, clock } }) => {
        const found = await (isPrefix ? traceApiKey.byPrefix(leaked) : traceApiKey.byToken(leaked));
        if (found.length === 0) {
          const operatorKey = await manageOperatorKeys.findLeaked(leaked);
          if (operatorKey !== null) throw new IdentityError('api_key.not_found', ofOperator(operatorKey, clock.now()));
          throw new IdentityError('api_key.not_found', `No key has or had such a secret here.${advice(leaked, env)}`);
        }
        const now = clock.now();
        await print(
          json,
          found.map((each) => describe(each, now)),
        );
      });
    });
}

/** The token in what was pasted: in quotes, behind the name of a header, or alone. */
function tokenIn(pasted: string, { namespace, environment }: TokenFormat): string {
  const [token, ...others] =
    pasted.match(new RegExp(`${namespace}_(?:${environment}|${OPERATOR_ENVIRONMENT})_[0-9A-Za-z]+`, 'g')) ?? [];
  return token === undefined || others.length > 0 ? pasted.trim() : token;
}

/** Of what only looks like a token of an organization's key. */
function ofOperator(key: OperatorKey, now: Date): string {
  const { id, name, keyPrefix } = key;
  const known = `This begins like the token of the operator key "${printable(name)}" (${id}, ${keyPrefix}), which is`;
  const state = operatorKeyState(key, now);
  if (state !== 'active') return `${known} ${state}.`;
  return `${known} active. Revoke it: ${calledAs()} operator key revoke ${id}`;
}

/** For a text that is cut off: an answer that it belongs to nobody would be a false comfort. */
function advice(leaked: string, { tokenFormat }: Environment): string {
  if (tokenFormat.isKeyPrefix(leaked) || tokenFormat.parse(leaked) !== null) return '';
  const { namespace, environment, length } = tokenFormat;
  if (leaked.startsWith(`${namespace}_${OPERATOR_ENVIRONMENT}_`)) {
    return ' It begins like the token of an operator key, but none has or had it: operator key list shows them.';
  }
  const start = `${namespace}_${environment}_`;
  return (
    ` But it has not the form of this service's tokens: they begin with ${start} and 8 more characters, their key_prefix, ` +
    `and have ${length} characters.`
  );
}

function describe(traced: TracedApiKey, now: Date) {
  const { organization, member, apiKey, secret, replacedAt } = traced;
  const state = stateOf(traced, now);
  const use = secretUse(traced, now);
  return {
    id: apiKey.id,
    name: apiKey.name,
    organization_id: organization.id,
    organization_name: organization.name,
    member_id: member.id,
    member_name: member.displayName ?? member.email ?? member.externalId,
    state,
    key_prefix: traced.keyPrefix,
    // Null: a public part alone says nothing about the rest, and nothing is left of a removed secret to verify it by.
    whole_token_matches: traced.isWhole,
    secret: use,
    secret_accepted: state === 'active' && use !== 'replaced',
    secret_replaced_at: instant(replacedAt),
    secret_valid_until: use === 'in_grace' ? instant(secret?.validUntil) : null,
    secret_last_used_at: instant(use === 'current' ? apiKey.lastUsedAt : secret?.lastUsedAt),
    current_key_prefix: apiKey.keyPrefix,
    last_used_at: instant(apiKey.lastUsedAt),
    created_at: apiKey.createdAt.toISOString(),
    created_by: traced.createdBy && nameOf(traced.createdBy),
    expires_at: instant(apiKey.expiresAt),
    revoked_at: instant(apiKey.revokedAt),
  };
}

function stateOf({ organization, member, apiKey }: TracedApiKey, now: Date): string {
  const reason = apiKey.inactiveReason(now);
  if (reason !== null) return reason;
  if (organization.disabledAt !== null) return 'organization_disabled';
  return member.disabledAt === null ? 'active' : 'member_disabled';
}

function secretUse({ secret }: TracedApiKey, now: Date): 'current' | 'in_grace' | 'replaced' {
  if (secret === null || (secret.validUntil !== null && secret.validUntil <= now)) return 'replaced';
  return secret.validUntil === null ? 'current' : 'in_grace';
}

/** As in `operator ada` and `api_key 0199d5a0-0000-7000-8000-000000000000`. */
function nameOf({ type, name, apiKeyId }: Actor): string {
  return [type, name ?? apiKeyId].filter((part) => part !== null).join(' ');
}

function instant(at: Date | null | undefined): string | null {
  return at?.toISOString() ?? null;
}
