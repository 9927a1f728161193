import { IdentityError, type ListedMember, type MemberRepository, type Organization } from '@feather-identity/core';
import { Command } from 'commander';
import { operator } from '../environment/operator.js';
import type { ServiceIdentity } from '../services/identity.js';
import { confirm } from './confirm.js';
import { isUuid, organizationOption, withExamples, withJson } from './options.js';
import { print, printList } from './print.js';
import { printable } from './printable.js';
import { findOrganization } from './references.js';
import { withSession } from './session.js';

const MEMBER = 'its id, or its id in your identity provider';
const PAGE = 500;

interface MemberOptions {
  readonly organization?: string;
  readonly json?: boolean;
}

interface AddOptions extends MemberOptions {
  readonly externalId: string;
  readonly email?: string;
  readonly name?: string;
  readonly role?: string;
}

/** `member add|list|disable|enable|remove`. */
export function memberCommand(): Command {
  return new Command('member')
    .description('manage the members of an organization')
    .addCommand(addCommand())
    .addCommand(listCommand())
    .addCommand(switchCommand('disable'))
    .addCommand(switchCommand('enable'))
    .addCommand(removeCommand());
}

function addCommand(): Command {
  const add = withJson(new Command('add'))
    .description('add a member to an organization')
    .requiredOption('--external-id <id>', 'its id in your identity provider')
    .option('--email <email>', 'its address')
    .option('--name <name>', 'what people call it')
    .option('--role <role>', 'its role (default: org:member)')
    .addOption(organizationOption())
    .action(({ organization, externalId, email, name: displayName, role, json }: AddOptions) =>
      withSession(async ({ identity }) => {
        const { id } = await findOrganization(identity, organization);
        const request = { externalId, email, displayName, role };
        const member = await identity.createMember.execute(id, request, operator());
        await print(json, memberRecord(member));
      }),
    );
  return withExamples(add, 'member add --external-id user_2abc --email ada@example.com --organization Acme');
}

function listCommand(): Command {
  const list = withJson(new Command('list'))
    .description('list the members of an organization, newest first')
    .addOption(organizationOption())
    .action(({ organization, json }: MemberOptions) =>
      withSession(async ({ identity }) => {
        const { id } = await findOrganization(identity, organization);
        await printList(json, await allMembers(identity.members, id), {
          record: memberRecord,
          columns: {
            ID: ({ id }) => id,
            EXTERNAL_ID: ({ externalId }) => externalId,
            NAME: ({ displayName }) => displayName,
            EMAIL: ({ email }) => email,
            ROLE: ({ role }) => role,
            STATE: ({ disabledAt }) => (disabledAt === null ? 'active' : 'disabled'),
            CREATED: ({ createdAt }) => createdAt,
          },
          dispensable: ['CREATED', 'NAME'],
          none: 'No members.',
          now: identity.clock.now(),
        });
      }),
    );
  return withExamples(list, 'member list --organization Acme');
}

function switchCommand(verb: 'disable' | 'enable'): Command {
  const isActive = verb === 'enable';
  const command = withJson(new Command(verb))
    .description(
      isActive
        ? 'accept the keys of a disabled member again'
        : 'refuse all keys of a member from the next request on, until it is enabled',
    )
    .argument('<member>', MEMBER)
    .addOption(organizationOption())
    .action((given: string, { organization, json }: MemberOptions) =>
      withSession(async ({ identity }) => {
        const owner = await findOrganization(identity, organization);
        const { id } = await findMember(identity, owner, given);
        const member = await identity.updateMember.execute(owner.id, id, { isActive }, operator());
        const told = `${isActive ? 'Enabled' : 'Disabled'} ${id} (${printable(member.externalId)}).`;
        await print(json, json ? memberRecord(member) : told);
      }),
    );
  return withExamples(command, `member ${verb} user_2abc --organization Acme`);
}

function removeCommand(): Command {
  const remove = withJson(new Command('remove'))
    .description('remove a member with all of its keys permanently; asks for confirmation on a terminal')
    .argument('<member>', MEMBER)
    .addOption(organizationOption())
    .option('-y, --yes', 'do not ask')
    .action((given: string, { organization, yes, json }: MemberOptions & { yes?: boolean }) =>
      withSession(async ({ identity }) => {
        const owner = await findOrganization(identity, organization);
        const member = await findMember(identity, owner, given);
        const named = `${member.id}  ${printable(member.externalId)}`;
        await confirm(`${named}\nRemove with all of its keys, from ${printable(owner.name)}?`, yes);
        await identity.removeMember.execute(owner.id, member.id, operator());
        const told = `Removed ${member.id} (${printable(member.externalId)}).`;
        await print(json, json ? memberRecord(member) : told);
      }),
    );
  return withExamples(remove, 'member remove user_2abc --organization Acme');
}

async function findMember(
  { findMember: find }: ServiceIdentity,
  { id, name }: Organization,
  given: string,
): Promise<ListedMember> {
  const member = isUuid(given) ? await find.execute(id, given.toLowerCase()) : await find.byExternalId(id, given);
  if (member !== null) return member;
  throw new IdentityError('member.not_found', `No such member in "${printable(name)}": "${printable(given)}"`);
}

async function allMembers(members: MemberRepository, organizationId: string): Promise<ListedMember[]> {
  const all: ListedMember[] = [];
  let page: ListedMember[];
  do {
    page = await members.list(organizationId, { limit: PAGE, after: all.at(-1)?.id });
    all.push(...page);
  } while (page.length === PAGE);
  return all;
}

/** The fields of a member: those of the API. */
function memberRecord(member: ListedMember) {
  return {
    id: member.id,
    organization_id: member.organizationId,
    clerk_user_id: member.externalId,
    role: member.role,
    display_name: member.displayName,
    email: member.email,
    is_active: member.disabledAt === null,
    created_at: member.createdAt.toISOString(),
    updated_at: member.updatedAt.toISOString(),
  };
}
