import { type PepperUsage, readPepperUsage } from '@feather-identity/infra';
import { Command } from 'commander';
import { findPeppers } from '../services/peppers.js';
import { withExamples, withJson } from './options.js';
import { print } from './print.js';
import { printable } from './printable.js';
import { aligned } from './table.js';
import { withSession } from './session.js';

/** `unknown`: the settings do not have the pepper. `none`: the secrets have no readable proof. */
type State = 'current' | 'known' | 'unknown' | 'none';

type Line = Readonly<{ pepper: string | null; state: State; secrets: number; without_hash: number }>;

const HEADINGS = ['PEPPER', 'STATE', 'SECRETS', 'WITHOUT HASH'];
/** The columns that are aligned on the right. */
const COUNTS = [2, 3];
const FOOTNOTE =
  'SECRETS counts secrets of keys that are neither revoked nor expired. Those without a hash can be verified only\n' +
  'with their pepper: if the pepper is lost, so are they.';

/** `pepper usage`. */
export function pepperUsageCommand(): Command {
  return withExamples(withJson(new Command('usage')), 'pepper usage')
    .description('count the secrets that depend on each pepper, to see when an old one can go')
    .action(({ json }: { json?: boolean }) =>
      withSession(async ({ env, identity }) => {
        const known = (await findPeppers(env))?.ids ?? [];
        const usage = linesOf(known, await readPepperUsage(env.database, identity.clock.now()));
        if (json === true) await print(true, usage);
        else await print(false, `${table(usage)}\n\n${FOOTNOTE}`);
      }),
    );
}

/** Peppers in the settings come first, used or not: an operator wants to know when one is no longer used. */
function linesOf(known: readonly string[], usage: readonly PepperUsage[]): Line[] {
  const used = new Map(usage.map((each) => [each.pepperId, each]));
  const unknown = usage.flatMap(({ pepperId }) => (pepperId === null || known.includes(pepperId) ? [] : [pepperId]));
  return [...known, ...unknown.sort(), ...(used.has(null) ? [null] : [])].map((id) => ({
    pepper: id,
    state: stateOf(id, known),
    secrets: used.get(id)?.secrets ?? 0,
    without_hash: used.get(id)?.withoutHash ?? 0,
  }));
}

function stateOf(id: string | null, known: readonly string[]): State {
  if (id === null) return 'none';
  if (id === known[0]) return 'current';
  return known.includes(id) ? 'known' : 'unknown';
}

function table(usage: readonly Line[]): string {
  const rows = usage.map((line) =>
    [line.pepper ?? '-', line.state, line.secrets, line.without_hash].map((value) => printable(String(value))),
  );
  return aligned([HEADINGS, ...rows], COUNTS).join('\n');
}
