import { ApiClient } from './api-client.mjs';
import { CHECK_GROUPS } from './checks/check-groups.mjs';
import { runChecks } from './checks/run-checks.mjs';
import { groupsOf, readCorpus } from './corpus/read-corpus.mjs';
import { replayGroup } from './corpus/replay-group.mjs';
import { isFine } from './corpus/tiers.mjs';
import { CreatedKeys } from './created-keys.mjs';
import { HELP, readOptions, UsageError } from './options.mjs';
import { Report } from './report.mjs';
import { Secrets } from './secrets.mjs';

/**
 * Runs the suite and prints its report. Resolves with the exit status: 0 when the deployment conforms, 1 when it does
 * not, 2 when it could not be asked.
 */
export async function runConformance(args, print) {
  const cases = readCorpus();
  const checkGroups = CHECK_GROUPS.map(({ name }) => name);
  let options;
  try {
    options = readOptions(args, { corpus: groupsOf(cases), checks: checkGroups });
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    process.stderr.write(`conformance: ${error.message} ${HELP}\n`);
    return 2;
  }
  const secrets = new Secrets(options.key);
  const created = new CreatedKeys(secrets);
  const client = new ApiClient(options.base, options.key, (answer) => created.note(answer));
  const problem = await client.unreachable();
  if (problem !== null) {
    process.stderr.write(`conformance: no answer from ${options.base.origin} (${problem}). ${HELP}\n`);
    return 2;
  }
  const report = new Report(print, secrets, options.verbose);
  const interrupted = onInterrupt();
  await runGroups({ options, cases, client, report, created, interrupted });
  client.close();
  return report.summary(interrupted()) ? 0 : 1;
}

async function runGroups({ options, cases, client, report, created, interrupted }) {
  for (const name of options.corpusGroups) {
    if (interrupted()) break;
    const group = cases.filter((one) => one.group === name);
    report.group(name, isFine(name) ? 'fine' : 'core', await replayGroup(group, client));
  }
  for (const group of CHECK_GROUPS.filter(({ name }) => options.checkGroups.includes(name))) {
    if (interrupted()) break;
    report.group(group.name, 'check', await runChecks(group, client));
  }
  if (created.any) report.group('clean-up', 'check', [await created.revokeAll(client)]);
}

/** After Ctrl-C the group under way ends, and the keys are still revoked. A second Ctrl-C ends the process. */
function onInterrupt() {
  let interrupted = false;
  process.once('SIGINT', () => (interrupted = true));
  return () => interrupted;
}
