import { Command } from 'commander';
import { shown } from '../standard-output.js';
import { confirm } from './confirm.js';
import { operator } from '../environment/operator.js';
import { withExamples, withJson } from './options.js';
import { print, printList } from './print.js';
import { printable } from './printable.js';
import { organizationRecord, policyRecord } from './records.js';
import { findOrganization } from './references.js';
import { withSession } from './session.js';
import { UsageError } from './usage-error.js';

const ORGANIZATION = 'its id, the beginning of its id, or its name';

/** `organization create|list|show|rename|disable|enable|delete`. */
export function organizationCommand(): Command {
  return new Command('organization')
    .description('manage organizations')
    .addCommand(createCommand())
    .addCommand(listCommand())
    .addCommand(showCommand())
    .addCommand(renameCommand())
    .addCommand(disableCommand())
    .addCommand(enableCommand())
    .addCommand(deleteCommand());
}

function createCommand(): Command {
  const create = withJson(new Command('create'))
    .description('create an organization; prints its id and the first key of its owner, which is unrestricted, once')
    .requiredOption('--name <name>', 'its name')
    .action(({ name, json }: { name: string; json?: boolean }) =>
      withSession(async ({ identity }) => {
        const { organization, apiKey, token } = await identity.createOrganization.execute(name, operator());
        const answer = {
          organization_id: organization.id,
          organization_name: organization.name,
          api_key_id: apiKey.id,
          plain_text_key: token.reveal(),
        };
        await shown(apiKey, print(json, answer));
      }),
    );
  return withExamples(create, 'organization create --name Acme', 'organization create --name Acme --json');
}

function listCommand(): Command {
  const list = withJson(new Command('list'))
    .description('list the organizations')
    .action(({ json }: { json?: boolean }) =>
      withSession(async ({ identity }) => {
        await printList(json, await identity.listOrganizations.execute(), {
          record: organizationRecord,
          columns: {
            ID: ({ id }) => id,
            NAME: ({ name }) => name,
            STATE: ({ disabledAt }) => (disabledAt === null ? 'active' : 'disabled'),
            CREATED: ({ createdAt }) => createdAt,
          },
          none: 'No organizations.',
          now: identity.clock.now(),
        });
      }),
    );
  return withExamples(list, 'organization list');
}

function showCommand(): Command {
  const show = withJson(new Command('show'))
    .description('show an organization and its policy')
    .argument('[organization]', `${ORGANIZATION}; may be omitted if there is only one`)
    .action((given: string | undefined, { json }: { json?: boolean }) =>
      withSession(async ({ identity }) => {
        const organization = await findOrganization(identity, given);
        await print(json, { ...organizationRecord(organization), ...policyRecord(organization.policy) });
      }),
    );
  return withExamples(show, 'organization show Acme');
}

function renameCommand(): Command {
  const rename = withJson(new Command('rename'))
    .description('rename an organization')
    .argument('<organization>', ORGANIZATION)
    .argument('<name>', 'its new name')
    .action((given: string, name: string, { json }: { json?: boolean }) =>
      withSession(async ({ identity }) => {
        const { id } = await findOrganization(identity, given);
        const renamed = await identity.updateOrganization.execute(id, { name }, operator());
        await print(json, json ? organizationRecord(renamed) : `Renamed ${id} to ${printable(name)}.`);
      }),
    );
  return withExamples(rename, "organization rename Acme 'Acme Ltd'");
}

function disableCommand(): Command {
  const disable = withJson(new Command('disable'))
    .description('refuse all keys of an organization from the next request on; asks for confirmation on a terminal')
    .argument('<organization>', ORGANIZATION)
    .option('-y, --yes', 'do not ask')
    .action((given: string, { yes, json }: { yes?: boolean; json?: boolean }) =>
      withSession(async ({ identity }) => {
        const { id, name } = await findOrganization(identity, given);
        await confirm(`${id}  ${printable(name)}\nRefuse all of its keys until it is enabled?`, yes);
        const disabled = await identity.updateOrganization.execute(id, { isActive: false }, operator());
        await print(json, json ? organizationRecord(disabled) : `Disabled ${id} (${printable(name)}).`);
      }),
    );
  return withExamples(disable, 'organization disable Acme');
}

function enableCommand(): Command {
  const enable = withJson(new Command('enable'))
    .description('accept the keys of a disabled organization again')
    .argument('<organization>', ORGANIZATION)
    .action((given: string, { json }: { json?: boolean }) =>
      withSession(async ({ identity }) => {
        const { id, name } = await findOrganization(identity, given);
        const enabled = await identity.updateOrganization.execute(id, { isActive: true }, operator());
        await print(json, json ? organizationRecord(enabled) : `Enabled ${id} (${printable(name)}).`);
      }),
    );
  return withExamples(enable, 'organization enable Acme');
}

function deleteCommand(): Command {
  const command = withJson(new Command('delete'))
    .description(
      'delete an organization with its members and keys permanently; asks for confirmation on a terminal. Its audit log is kept',
    )
    .argument('<organization>', ORGANIZATION)
    .option('-y, --yes', 'do not ask')
    .action((given: string, { yes, json }: { yes?: boolean; json?: boolean }) => {
      // Elsewhere a script is not asked. This takes everything.
      if (yes !== true && !process.stdin.isTTY) throw new UsageError('error: without a terminal this needs --yes');
      return withSession(async ({ identity }) => {
        const { id, name } = await findOrganization(identity, given);
        const { contents, confirmation } = await identity.deleteOrganization.plan(id);
        const counted = `${contents.members} members, ${contents.apiKeys} keys`;
        await confirm(`${id}  ${printable(name)}: ${counted}\nDelete all of this for good?`, yes);
        await identity.deleteOrganization.execute(id, confirmation, operator());
        const answer = { id, name, members: contents.members, api_keys: contents.apiKeys };
        await print(json, json ? answer : `Deleted ${id} (${printable(name)}): ${counted}.`);
      });
    });
  return withExamples(command, 'organization delete Acme');
}
