import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** What the code has and the reference lacks, and the other way round: a line each. */
export function missingFromReference(workspace) {
  const read = (file) => readFileSync(join(workspace, file), 'utf8');
  const reference = (name) => read(`docs/reference/${name}.md`);
  return [
    ...settings(read('apps/api/src/environment/environment.ts'), reference('settings')),
    ...sameNames(
      'docs/reference/errors.md',
      between(read('libs/identity/core/src/domain/identity-error.ts'), 'type IdentityErrorCode', ';'),
      between(reference('errors'), '## Codes of `IdentityError`'),
    ),
    ...sameNames(
      'docs/reference/audit-events.md',
      between(read('libs/identity/core/src/domain/audit-event.ts'), 'AUDIT_EVENT_TYPES = [', ']'),
      reference('audit-events'),
    ),
    ...metrics(workspace, reference('metrics')),
  ];
}

function between(text, from, to) {
  const start = text.indexOf(from);
  if (start < 0) throw new Error(`${from} is not where it was.`);
  return text.slice(start, to === undefined ? undefined : text.indexOf(to, start));
}

/** Each name in quotes in the code is in the first column of a table, and no other is. */
function sameNames(page, code, text) {
  const names = [...code.matchAll(/'([a-z_]+\.[a-z_]+)'/g)].map(([, name]) => name);
  if (names.length === 0) throw new Error(`The names for ${page} are not where they were.`);
  const told = new Set(firstColumn(text));
  return [
    ...names.filter((name) => !told.delete(name)).map((name) => `${page} lacks ${name}.`),
    ...[...told].map((name) => `${page} has ${name}, which the code has not.`),
  ];
}

const firstColumn = (text) =>
  [...text.matchAll(/^\| (`[^|]*)\|/gm)].flatMap(([, cell]) =>
    [...cell.matchAll(/`([^`]+)`/g)].map(([, name]) => name),
  );

function settings(code, text) {
  const page = 'docs/reference/settings.md';
  const rules = [...between(code, 'const rules = {', '\n  };').matchAll(/^ {4}([A-Z_]+): (.*),$/gm)];
  if (rules.length === 0) throw new Error('The settings are not where they were.');
  const rows = new Map(
    [...text.matchAll(/^\| ((?:`[A-Z_]+`(?:, )?)+) +\| ([^|]*)\|/gm)].flatMap(([, names, defaults]) => {
      const values = defaults.split(', ');
      return names.split(', ').map((name, at) => [name.trim().replaceAll('`', ''), values[at] ?? defaults]);
    }),
  );
  const problems = rules.flatMap(([, name, rule]) => {
    if (!rows.has(name)) return [`${page} lacks ${name}.`];
    // A default that is a text or a number; others are told in words.
    const [, value] =
      /default: (?:'([^']*)'|([\d_]+|true|false)) \}/.exec(rule)?.filter((part) => part !== undefined) ?? [];
    const shown = rows.get(name);
    rows.delete(name);
    return value === undefined || shown.includes(`\`${value.replaceAll('_', '')}\``) || shown.includes(`\`${value}\``)
      ? []
      : [`${page} has ${shown.trim()} as the default of ${name}, the code ${value}.`];
  });
  const named = new Set(rules.map(([, name]) => name));
  return [
    ...problems,
    ...[...rows.keys()].filter((name) => !named.has(name)).map((name) => `${page} has ${name}, which is no setting.`),
  ];
}

function metrics(workspace, text) {
  const file = 'apps/api/src/metrics/metrics.ts';
  const code = readFileSync(join(workspace, file), 'utf8');
  const names = new Set([...code.matchAll(/feather_[a-z_]+/g)].map(([name]) => name));
  if (names.size === 0) throw new Error(`${file} names no metrics.`);
  return [...names].filter((name) => !text.includes(name)).map((name) => `docs/reference/metrics.md lacks ${name}.`);
}
