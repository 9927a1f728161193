import { type OrganizationPolicy, type Quota, type RateLimit } from '@feather-identity/core';
import { Command, Option } from 'commander';
import { operator } from '../environment/operator.js';
import {
  bool,
  optionalDays,
  organizationOption,
  quotaOption,
  rateLimitOption,
  withExamples,
  withJson,
} from './options.js';
import { print } from './print.js';
import { policyRecord } from './records.js';
import { findOrganization } from './references.js';
import { withSession } from './session.js';
import { UsageError } from './usage-error.js';

interface PolicyOptions {
  readonly organization?: string;
  readonly json?: boolean;
}

interface SetOptions extends PolicyOptions {
  readonly maxLifetimeDays?: number | 'none';
  readonly expiryRequired?: boolean;
  readonly scopesRequired?: boolean;
  readonly revokeUnusedAfterDays?: number | 'none';
  readonly revokeDescendants?: boolean;
  readonly rateLimit?: RateLimit | 'none';
  readonly quota?: Quota | 'none';
}

/** `policy get|set`. */
export function policyCommand(): Command {
  return new Command('policy')
    .description('show and change what an organization requires of its keys')
    .addCommand(getCommand())
    .addCommand(setCommand());
}

function getCommand(): Command {
  const get = withJson(new Command('get'))
    .description('show the policy of an organization')
    .addOption(organizationOption())
    .action(({ organization, json }: PolicyOptions) =>
      withSession(async ({ identity }) => {
        const { policy } = await findOrganization(identity, organization);
        await print(json, policyRecord(policy));
      }),
    );
  return withExamples(get, 'policy get --organization Acme');
}

function setCommand(): Command {
  const set = withJson(new Command('set'))
    .description(
      'change the policy of an organization; omitted options stay unchanged. --revoke-unused-after-days ends keys that ' +
        'exist (`unused-keys` lists which), and --revoke-descendants what they have made. --rate-limit and --quota are for ' +
        'new keys that are given none',
    )
    .addOption(organizationOption())
    .addOption(days('--max-lifetime-days <days>', 'how long a new key may live at most; none for no limit'))
    .addOption(flag('--expiry-required <boolean>', 'whether a new key must expire'))
    .addOption(flag('--scopes-required <boolean>', 'whether the scopes of a new key must be named'))
    .addOption(
      days('--revoke-unused-after-days <days>', 'revoke keys that were not used for this long; none for never'),
    )
    .addOption(flag('--revoke-descendants <boolean>', 'whether revoking a key also revokes all keys that it made'))
    .addOption(rateLimitOption())
    .addOption(quotaOption())
    .action(({ organization, json, ...named }: SetOptions) => {
      const changed: Partial<OrganizationPolicy> = Object.fromEntries(
        Object.entries(named).map(([field, value]) => [field, value === 'none' ? null : value]),
      );
      if (Object.keys(changed).length === 0) throw new UsageError('error: say what to change in the policy');
      return withSession(async ({ identity }) => {
        const { id: organizationId } = await findOrganization(identity, organization);
        const changer = { actor: operator(), member: { organizationId }, apiKey: null };
        await print(json, policyRecord(await identity.changePolicy.execute(changer, changed)));
      });
    });
  return withExamples(
    set,
    'policy set --max-lifetime-days 90 --expiry-required true',
    'policy set --organization Acme --revoke-unused-after-days none',
    'policy set --rate-limit 100/60 --quota 100000/month',
  );
}

function days(flags: string, description: string): Option {
  return new Option(flags, description).argParser(optionalDays);
}

function flag(flags: string, description: string): Option {
  return new Option(flags, description).argParser(bool);
}
