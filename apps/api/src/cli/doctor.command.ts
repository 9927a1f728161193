import { Command } from 'commander';
import { type Diagnosis, diagnose } from '../doctor/diagnose.js';
import { writeOut } from '../standard-output.js';
import { withExamples, withJson } from './options.js';
import { printable } from './printable.js';

/** `doctor`: the settings with their origins, and what is wrong with the installation. */
export function doctorCommand(): Command {
  return withExamples(withJson(new Command('doctor')), 'doctor', 'doctor --env-file /etc/feather/feather.env')
    .description('show all settings and where they come from, and check the installation; changes nothing')
    .action(async ({ json }: { json?: boolean }) => {
      const diagnosis = await diagnose();
      await writeOut(`${json === true ? JSON.stringify(answerOf(diagnosis)) : readable(diagnosis)}\n`);
      if (diagnosis.checks.some(({ state }) => state === 'problem')) process.exitCode = 1;
    });
}

function answerOf({ env, checks }: Diagnosis) {
  return { settings_file: env?.settingsFile ?? null, settings: env?.settings ?? [], checks };
}

function readable({ env, checks }: Diagnosis): string {
  const settings = (env?.settings ?? []).map(({ name, value, origin }) => [name, origin, value ?? '-']);
  const found = checks.map(({ state, check, message }) => [state, check, message]);
  const count = (state: string) => {
    const { length } = checks.filter((each) => each.state === state);
    return `${length} ${state}${length === 1 ? '' : 's'}`;
  };
  return [
    ...(settings.length === 0 ? [] : [table(settings), '']),
    table(found),
    '',
    `${count('problem')}, ${count('warning')}.`,
  ].join('\n');
}

/** The last column is as long as it likes. */
function table(rows: readonly (readonly string[])[]): string {
  const width = (column: number) => Math.max(...rows.map((row) => row[column]?.length ?? 0));
  return rows
    .map((row) => row.map((text, column) => printable(column < 2 ? text.padEnd(width(column)) : text)).join('  '))
    .join('\n');
}
