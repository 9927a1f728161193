import {
  API_KEY_STATUSES,
  assertOrganizationEnabled,
  type ApiKey,
  type ApiKeyStatus,
  IdentityError,
  type JsonObject,
  type KeyNotes,
  type ListApiKeysRequest,
  type ListedApiKey,
  MAX_ENDED_KEYS,
  MAX_GRACE_SECONDS,
  NO_OWNER,
  type Organization,
  operatorGrantor,
  type Quota,
  type RateLimit,
  type Revocation,
  type WantedBounds,
} from '@feather-identity/core';
import { Command, InvalidArgumentError, Option } from 'commander';
import { shown, shownAnew } from '../standard-output.js';
import type { ServiceIdentity } from '../services/identity.js';
import { confirm } from './confirm.js';
import { keyFindCommand } from './key-find.command.js';
import { operator } from '../environment/operator.js';
import {
  duration,
  expiresAtOption,
  label,
  labels,
  metadata,
  type Moment,
  networksOption,
  organizationOption,
  orNull,
  quotaOption,
  rateLimitOption,
  scopes,
  untilMoment,
  uuid,
  withExamples,
  withJson,
} from './options.js';
import { print, printList } from './print.js';
import { printable } from './printable.js';
import { foundKeyRecord, keyDetailsRecord, keyRecord, listedKeyRecord } from './records.js';
import { findKey, findKeys, findOrganization } from './references.js';
import { withSession } from './session.js';
import type { Cell } from './table.js';
import { UsageError } from './usage-error.js';

const KEY = 'its id, the beginning of its id, or its name';

const DEFAULT_EXPIRING_MS = 30 * 86_400_000;

const PAGE = 1000;

const SORTS = { created: 'created_at', 'last-used': 'last_used_at', expires: 'expires_at', name: 'name' } as const;

interface KeyOptions {
  readonly organization?: string;
  readonly json?: boolean;
}

interface RevokeOptions extends KeyOptions {
  readonly cascade?: boolean;
  readonly yes?: boolean;
}

interface BoundOptions {
  readonly rateLimit?: RateLimit | 'none';
  readonly quota?: Quota | 'none';
  readonly networks?: string[] | 'none';
}

interface NotesOptions {
  readonly description?: string;
  readonly label?: string[];
  readonly metadata?: JsonObject | 'null';
}

interface CreateOptions extends KeyOptions, BoundOptions, NotesOptions {
  readonly name: string;
  readonly scopes?: string[];
  readonly unrestricted?: boolean;
  readonly expiresAt?: Moment;
}

interface ListOptions extends KeyOptions {
  readonly revoked?: boolean;
  readonly unused?: number;
  readonly expiring?: number | true;
  readonly createdBy?: string;
  readonly label?: string;
  readonly status?: ApiKeyStatus;
  readonly search?: string;
  readonly sort: keyof typeof SORTS;
}

/** `key create|list|show|find|rotate|rename|update|disable|enable|revoke`: also while the service runs, and without a key. */
export function keyCommand(): Command {
  return new Command('key')
    .description('manage the keys of an organization')
    .addCommand(createCommand())
    .addCommand(listCommand())
    .addCommand(showCommand())
    .addCommand(keyFindCommand())
    .addCommand(rotateCommand())
    .addCommand(renameCommand())
    .addCommand(updateCommand())
    .addCommand(disableCommand())
    .addCommand(enableCommand())
    .addCommand(revokeCommand());
}

function createCommand(): Command {
  const create = withJson(new Command('create'))
    .description("create a key of the organization's owner; prints it once")
    .addOption(organizationOption())
    .requiredOption('--name <name>', 'its name')
    .addOption(
      new Option('--scopes <scopes>', 'what it may do: resource:action, resource:* or *, separated by commas')
        .argParser(scopes)
        .conflicts('unrestricted'),
    )
    .option('--unrestricted', 'may do everything that the organization can, create keys included')
    .addOption(expiresAtOption())
    .addOption(rateLimitOption())
    .addOption(quotaOption())
    .addOption(networksOption());
  addNotesOptions(create).action(createKey);
  return withExamples(
    create,
    'key create --name deploy --scopes orders:read,orders:write --expires-at 90d',
    'key create --organization Acme --name admin --unrestricted',
    'key create --name shop --scopes orders:read --rate-limit 100/60 --quota 100000/month --networks 203.0.113.0/24',
    `key create --name shop --scopes orders:read --label team:shop,production --metadata '{"customer": "c_1042"}'`,
  );
}

/** What may be noted on a key. An empty text takes the description or the labels away, null the metadata. */
function addNotesOptions(command: Command): Command {
  return command
    .option('--description <text>', 'what it is for')
    .addOption(new Option('--label <labels>', 'labels to filter lists by, separated by commas').argParser(labels))
    .addOption(
      new Option('--metadata <json>', 'a JSON object that the application receives with the key').argParser(metadata),
    );
}

function notesOf({ description, label, metadata: given }: NotesOptions): KeyNotes {
  return {
    description,
    labels: label?.filter((each) => each !== ''),
    metadata: given === 'null' ? null : given,
  };
}

/** An unrestricted key has to be asked for: a forgotten option must not grant everything. */
function createKey(options: CreateOptions) {
  const { organization, name, scopes: named, unrestricted, expiresAt: end, json } = options;
  if (named === undefined && unrestricted !== true) {
    throw new UsageError(
      'error: say what the key may do, by --scopes, or that it may do everything, by --unrestricted',
    );
  }
  return withSession(async ({ identity }) => {
    const { id } = await findOrganization(identity, organization);
    const expiresAt = end === undefined ? null : untilMoment(end, identity.clock.now());
    const request = { name, scopes: named, expiresAt, ...notesOf(options), ...boundsIn(options) };
    const { apiKey, token } = await identity.issueOwnerKey.execute(id, request, operator());
    const answer = { ...keyRecord(apiKey, identity.clock.now()), plain_text_key: token.reveal() };
    await shown(apiKey, print(json, answer));
  });
}

function listCommand(): Command {
  const list = withJson(new Command('list'))
    .description('list the keys that are not revoked')
    .addOption(organizationOption())
    .option('--revoked', 'also those that are revoked')
    .addOption(
      new Option('--unused <duration>', 'only those not used for so long, as policies count it').argParser(duration),
    )
    .addOption(
      new Option('--expiring [duration]', 'only those that expire within this time (default: 30d)').argParser(duration),
    )
    .addOption(new Option('--created-by <id>', 'only those that this key or member has made').argParser(uuid))
    .addOption(new Option('--label <label>', 'only those with this label').argParser(label))
    .addOption(new Option('--status <state>', 'only those in this state').choices(API_KEY_STATUSES))
    .option('--search <text>', 'only those whose name begins like this; A to Z match in either case')
    .addOption(
      new Option('--sort <field>', 'newest, latest or next first').choices(Object.keys(SORTS)).default('created'),
    )
    .action(listKeys);
  return withExamples(
    list,
    'key list --unused 90d',
    'key list --organization Acme --expiring 7d --sort expires',
    'key list --label team:shop --status active --search web',
    'key list --created-by 0199d5a0-6d1c-7c33-b2de-91a7c4e05f04 --revoked --json',
  );
}

function listKeys({ organization, revoked: includeRevoked = false, unused, sort, json, ...filters }: ListOptions) {
  const { createdBy, expiring: within, label, status, search } = filters;
  const expiring = within === true ? DEFAULT_EXPIRING_MS : within;
  return withSession(async ({ identity }) => {
    const { id } = await findOrganization(identity, organization);
    const now = identity.clock.now();
    const keys = await findAll(identity, id, {
      includeRevoked,
      createdBy,
      label,
      status,
      nameBegins: search || undefined,
      unusedSince: unused === undefined ? undefined : new Date(now.getTime() - unused),
      // One that ends at the last instant is among them.
      expiresBefore: expiring === undefined ? undefined : new Date(now.getTime() + expiring + 1),
      sort: SORTS[sort],
    });
    const expires = (key: ApiKey) => key.revokedAt === null && !key.hasExpired(now);
    const listed = expiring === undefined ? keys : keys.filter(expires);
    await printList(json, listed, {
      record: (key) => listedKeyRecord(key, now),
      columns: {
        ID: ({ id }) => id,
        NAME: ({ name }) => name,
        PREFIX: ({ keyPrefix }) => keyPrefix,
        STATE: (key) => key.inactiveReason(now) ?? 'active',
        SCOPES: ({ grant }) => (grant.unrestricted ? 'unrestricted' : grant.scopes),
        USED: ({ lastUsedAt }) => lastUsedAt,
        EXPIRES: ({ expiresAt }) => expiresAt,
        CREATED: ({ createdAt }) => createdAt,
        BY: ({ createdBy }) => createdBy && { ...createdBy },
      },
      dispensable: ['BY', 'CREATED', 'PREFIX'],
      none: 'No keys.',
      now,
    });
  });
}

async function findAll(
  { listApiKeys }: ServiceIdentity,
  organizationId: string,
  wanted: Omit<ListApiKeysRequest, 'limit' | 'cursor'>,
): Promise<ListedApiKey[]> {
  const keys: ListedApiKey[] = [];
  for (let cursor: string | null | undefined; cursor !== null;) {
    const { first, rest, next } = await listApiKeys.execute(organizationId, { ...wanted, cursor, limit: PAGE });
    keys.push(...first);
    for await (const part of rest ?? []) keys.push(...part);
    cursor = next;
  }
  return keys;
}

function showCommand(): Command {
  const show = withJson(new Command('show'))
    .description('show everything about a key, even a revoked one')
    .argument('<key>', KEY)
    .addOption(organizationOption())
    .action((given: string, { organization, json }: KeyOptions) =>
      withSession(async ({ identity }) => {
        const owner = await findOrganization(identity, organization);
        const { id } = await findKey(identity, owner, given, { includeRevoked: true });
        const details = await identity.apiKeys.find(owner.id, id);
        if (details === null) return;
        const usage30d = await identity.readUsage.recent(details.apiKey);
        await print(json, foundKeyRecord({ ...details, usage30d }, identity.clock.now()));
      }),
    );
  return withExamples(show, 'key show deploy');
}

function rotateCommand(): Command {
  const rotate = withJson(new Command('rotate'))
    .description('give a key a new token; prints it once')
    .argument('<key>', KEY)
    .addOption(organizationOption())
    .addOption(
      new Option('--grace <duration>', 'how long the tokens so far stay valid, such as 1h (default: they end at once)')
        .argParser(grace)
        .default(0, '0'),
    )
    .action((given: string, { organization, grace: milliseconds, json }: KeyOptions & { grace: number }) =>
      withSession(async ({ identity }) => {
        const owner = await findOrganization(identity, organization);
        assertOrganizationEnabled(owner);
        const { id, memberId } = await findKey(identity, owner, given);
        const member = await identity.findMember.execute(owner.id, memberId);
        if (member.disabledAt !== null) {
          throw new IdentityError('member.disabled', 'The member of the key is disabled: its keys are refused.');
        }
        const grantor = await grantorFor(identity, owner);
        const { details, token } = await identity.rotateApiKey.execute(grantor, id, milliseconds / 1000);
        const answer = { ...keyDetailsRecord(details, identity.clock.now()), plain_text_key: token.reveal() };
        await shownAnew(details.apiKey, print(json, answer));
      }),
    );
  return withExamples(rotate, 'key rotate deploy --grace 1h', 'key rotate 0199d5a0-6d1c --organization Acme');
}

function grace(given: string): number {
  const milliseconds = given === '0' ? 0 : duration(given);
  if (milliseconds > MAX_GRACE_SECONDS * 1000) throw new InvalidArgumentError('It must be at most 30d.');
  return milliseconds;
}

function renameCommand(): Command {
  const rename = withJson(new Command('rename'))
    .description('rename a key')
    .argument('<key>', KEY)
    .argument('<name>', 'its new name')
    .addOption(organizationOption())
    .action((given: string, name: string, { organization, json }: KeyOptions) =>
      withSession(async ({ identity }) => {
        const owner = await findOrganization(identity, organization);
        const { id } = await findKey(identity, owner, given);
        const { apiKey } = await identity.updateApiKey.execute(await grantorFor(identity, owner), id, { name });
        await print(json, json ? keyRecord(apiKey, identity.clock.now()) : `Renamed ${id} to ${printable(name)}.`);
      }),
    );
  return withExamples(rename, 'key rename deploy deploy-eu');
}

function updateCommand(): Command {
  const update = withJson(new Command('update'))
    .description('change the notes, limits or allowed networks of a key; omitted options stay unchanged')
    .argument('<key>', KEY)
    .addOption(organizationOption())
    .addOption(rateLimitOption())
    .addOption(quotaOption())
    .addOption(networksOption());
  addNotesOptions(update).action((given: string, options: KeyOptions & BoundOptions & NotesOptions) => {
    const { organization, json } = options;
    const changed = { ...boundsIn(options), ...notesOf(options) };
    if (Object.values(changed).every((value) => value === undefined)) {
      throw new UsageError('error: say what to change in the key');
    }
    return withSession(async ({ identity }) => {
      const owner = await findOrganization(identity, organization);
      const { id, name } = await findKey(identity, owner, given);
      const { apiKey } = await identity.updateApiKey.execute(await grantorFor(identity, owner), id, changed);
      await print(json, json ? keyRecord(apiKey, identity.clock.now()) : `Updated ${id} (${printable(name)}).`);
    });
  });
  return withExamples(
    update,
    'key update deploy --rate-limit 100/60 --quota 100000/month',
    'key update deploy --networks 203.0.113.0/24,2001:db8::/32 --quota none',
    'key update deploy --description "Deploys the shop" --label team:shop',
    `key update deploy --description '' --label '' --metadata null`,
  );
}

function boundsIn({ rateLimit, quota, networks }: BoundOptions): WantedBounds {
  return { rateLimit: orNull(rateLimit), quota: orNull(quota), allowedNetworks: orNull(networks) };
}

function enableCommand(): Command {
  const enable = withJson(new Command('enable'))
    .description('accept a disabled key again')
    .argument('<key>', KEY)
    .addOption(organizationOption())
    .action((given: string, { organization, json }: KeyOptions) =>
      withSession(async ({ identity }) => {
        const owner = await findOrganization(identity, organization);
        const { id, name } = await findKey(identity, owner, given);
        const grantor = await grantorFor(identity, owner);
        const { apiKey } = await identity.updateApiKey.execute(grantor, id, { isActive: true });
        await print(json, json ? keyRecord(apiKey, identity.clock.now()) : `Enabled ${id} (${printable(name)}).`);
      }),
    );
  return withExamples(enable, 'key enable deploy');
}

function disableCommand(): Command {
  const disable = withJson(new Command('disable'))
    .description('refuse keys from the next request on, until they are enabled')
    .argument('<keys...>', KEY)
    .addOption(organizationOption())
    .action((given: string[], { organization, json }: KeyOptions) =>
      withSession(async ({ identity }) => {
        const owner = await findOrganization(identity, organization);
        const keys = await findKeys(identity, owner, given, { includeRevoked: false });
        await disableAll(identity, owner, keys);
        const disabled = await identity.apiKeys.listByIds(
          owner.id,
          keys.map(({ id }) => id),
        );
        const records = disabled.map((apiKey) => keyRecord(apiKey, identity.clock.now()));
        // One key is an object, as it was when the command took one.
        const [only, ...others] = records;
        const told = keys.map(({ id, name }) => `Disabled ${id} (${printable(name)}).`).join('\n');
        await print(json, json !== true ? told : only && others.length === 0 ? only : records);
      }),
    );
  return withExamples(disable, 'key disable deploy', 'key disable 0199d5a0-6d1c 0199d5a0-9e2f');
}

/** Each 500 keys in one transaction. */
async function disableAll(
  { endApiKeys }: ServiceIdentity,
  { id: organizationId }: Organization,
  keys: readonly ApiKey[],
): Promise<void> {
  for (let at = 0; at < keys.length; at += MAX_ENDED_KEYS) {
    const ids = keys.slice(at, at + MAX_ENDED_KEYS).map(({ id }) => id);
    await endApiKeys.execute(organizationId, 'disable', ids, operator());
  }
}

function revokeCommand(): Command {
  const revoke = withJson(new Command('revoke'))
    .description('revoke keys at once and permanently; asks for confirmation on a terminal')
    .argument('<keys...>', KEY)
    .addOption(organizationOption())
    .option('--cascade', 'also all keys that they have made, however deep; takes keys that are revoked already')
    .option('-y, --yes', 'do not ask')
    .action((given: string[], { organization, cascade = false, yes, json }: RevokeOptions) =>
      withSession(async ({ identity }) => {
        const owner = await findOrganization(identity, organization);
        const keys = await findKeys(identity, owner, given, { includeRevoked: cascade });
        const named = keys.map(({ id, name, keyPrefix }) => `${id}  ${keyPrefix}  ${printable(name)}`).join('\n');
        const more = cascade ? 'Revoke for good, with all keys that they have made' : 'Revoke for good';
        await confirm(`${named}\n${more}, in ${printable(owner.name)}?`, yes);
        const records: Record<string, Cell>[] = [];
        for (const { id, name, keyPrefix: key_prefix } of keys) {
          const revocation = await identity.revokeApiKey.execute(owner.id, id, operator(), { cascade });
          const { revokedDescendants: revoked, livingDescendants: living } = revocation;
          if (!json) await print(false, `Revoked ${id} (${printable(name)})${toldOf(revocation)}.`);
          records.push({ id, name, key_prefix, revoked_descendants: revoked, living_descendants: living.count });
        }
        if (json) await print(true, records);
      }),
    );
  return withExamples(
    revoke,
    'key revoke deploy',
    'key revoke leaked --cascade',
    'key revoke --yes 0199d5a0-6d1c 0199d5a0-9e2f --organization Acme',
  );
}

function toldOf({ revokedDescendants: revoked, livingDescendants: { count, isComplete } }: Revocation): string {
  if (revoked > 0) return ` and ${revoked} ${revoked === 1 ? 'key' : 'keys'} that it has made`;
  if (isComplete && count === 0) return '';
  return `; ${count}${isComplete ? '' : ' or more'} of the keys that it has made live on: --cascade revokes them`;
}

async function grantorFor({ organizations }: ServiceIdentity, { id }: Organization) {
  const owner = await organizations.findOwner(id);
  if (owner === null) throw new IdentityError('organization.not_found', NO_OWNER);
  return operatorGrantor(owner, operator());
}
