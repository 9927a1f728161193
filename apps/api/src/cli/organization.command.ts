import { Command } from 'commander';
import { shown } from '../standard-output.js';
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
        const { organization, apiKey, token } = await identity.createOrganization.execute(name);
        const answer = {
          organization_id: organization.id,
          organization_name: organization.name,
          api_key_id: apiKey.id,
          plain_text_key: token.reveal(),
        };
        await shown(apiKey, print(json, answer));
      }),
    );
  withJson(organization.command('list'))
    .description('list the organizations')
    .action(({ json }: { json?: boolean }) =>
      withSession(async ({ identity }) => {
        const organizations = await identity.listOrganizations.execute();
        await print(
          json,
          organizations.map(({ id, name, createdAt }) => ({ id, name, created_at: createdAt.toISOString() })),
        );
      }),
    );
  return organization;
}
