import { Command } from 'commander';
import { withJson } from './options.js';
import { print } from './print.js';
import { withSession } from './session.js';

/** `organization create|list`. */
export function organizationCommand(): Command {
  const organization = new Command('organization').description('create and list organizations');
  withJson(organization.command('create'))
    .description('create an organization; prints its id and the first key of its owner once')
    .requiredOption('--name <name>', 'its name')
    .action(({ name, json }: { name: string; json?: boolean }) =>
      withSession(async ({ identity }) => {
        const created = await identity.createOrganization.execute(name);
        print(json, {
          organization_id: created.organization.id,
          organization_name: created.organization.name,
          api_key_id: created.apiKey.id,
          plain_text_key: created.token.reveal(),
        });
      }),
    );
  withJson(organization.command('list'))
    .description('list the organizations')
    .action(({ json }: { json?: boolean }) =>
      withSession(async ({ identity }) => {
        const organizations = await identity.listOrganizations.execute();
        print(
          json,
          organizations.map(({ id, name, createdAt }) => ({ id, name, created_at: createdAt.toISOString() })),
        );
      }),
    );
  return organization;
}
