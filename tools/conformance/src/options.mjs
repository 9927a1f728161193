import { parseArgs } from 'node:util';

/** How to call the program. */
export const HELP = 'Usage: npm run conformance -- --base URL --key KEY [--groups a,b] [--verbose]';

/** A command line that cannot be understood. */
export class UsageError extends Error {}

/** Reads the command line; `known` names the groups there are. Throws UsageError. */
export function readOptions(args, known) {
  const given = parse(args);
  if (!given.key) throw new UsageError('--key is required.');
  const asked = given.groups?.split(',') ?? null;
  const all = [...known.corpus, ...known.checks];
  const unknown = asked?.find((name) => !all.includes(name));
  if (unknown !== undefined) throw new UsageError(`There is no group "${unknown}"; the groups are ${all.join(',')}.`);
  const chosen = (name) => asked?.includes(name) ?? true;
  return {
    base: readBase(given.base),
    key: given.key,
    verbose: given.verbose ?? false,
    corpusGroups: known.corpus.filter(chosen),
    checkGroups: known.checks.filter(chosen),
  };
}

function parse(args) {
  try {
    return parseArgs({
      args,
      options: {
        base: { type: 'string' },
        key: { type: 'string' },
        groups: { type: 'string' },
        verbose: { type: 'boolean' },
      },
    }).values;
  } catch (error) {
    // Node quotes a stray argument, which may be the key.
    throw new UsageError(
      error.code === 'ERR_PARSE_ARGS_UNEXPECTED_POSITIONAL' ? 'Unexpected argument.' : firstSentence(error),
    );
  }
}

function firstSentence({ message }) {
  return `${message.split('.', 1)[0]}.`;
}

/** Reads the URL of a deployment. Throws UsageError. */
export function readBase(text) {
  if (text === undefined) throw new UsageError('--base is required.');
  const base = URL.canParse(text) ? new URL(text) : null;
  if (base === null || !['http:', 'https:'].includes(base.protocol)) {
    throw new UsageError('--base takes a URL such as http://127.0.0.1:8000.');
  }
  return base;
}
