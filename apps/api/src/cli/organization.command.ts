import { ListOrganizations } from '@feather-identity/core';
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
      withSession(async ({ issuing }) => {
        const founded = await (await issuing()).createOrganization.execute(name);
        print(json, {
          organization_id: founded.organization.id,
          organization_name: founded.organization.name,
          api_key_id: founded.apiKey.id,
          plain_text_key: founded.token.reveal(),
        });
      }),
    );
  withJson(organization.command('list'))
    .description('list the organizations')
    .action(({ json }: { json?: boolean }) =>
      withSession(async ({ persistence }) => {
        const organizations = await new ListOrganizations(persistence.organizations).execute();
        print(
          json,
          organizations.map(({ id, name, createdAt }) => ({ id, name, created_at: createdAt.toISOString() })),
        );
      }),
    );
  return organization;
}
