import { writeOut } from '../standard-output.js';

const UNPRINTABLE = /[\p{Cc}\p{Cf}\u2028\u2029]/gu;

type Field = string | number | boolean | null | readonly string[];

/** The output of a command: a sentence, a record, or a list of records. */
export type Answer = string | Readonly<Record<string, Field>> | readonly Readonly<Record<string, Field>>[];

/**
 * Prints an answer on standard output: as JSON, or as lines of `label: value` with an empty line between records. Throws
 * `UnwrittenError`.
 */
export async function print(json: boolean | undefined, answer: Answer): Promise<void> {
  const text = json === true ? JSON.stringify(answer) : readable(answer);
  if (text !== '') await writeOut(`${text}\n`);
}

function readable(answer: Answer): string {
  if (typeof answer === 'string') return answer;
  return [answer].flat().map(lines).join('\n\n');
}

function lines(fields: Readonly<Record<string, Field>>): string {
  const width = Math.max(...Object.keys(fields).map((name) => name.length));
  return Object.entries(fields)
    .map(([name, value]) => `${`${name.replaceAll('_', ' ')}:`.padEnd(width + 1)} ${shown(value)}`)
    .join('\n');
}

function shown(value: Field): string {
  const text = Array.isArray(value) ? value.join(', ') : value === null ? '-' : String(value);
  return printable(text);
}

/** Tenants choose names: no part of a name may look like a control sequence or a line of this program to a terminal. */
export function printable(text: string): string {
  return text.replace(UNPRINTABLE, (character) => `\\u{${character.codePointAt(0)?.toString(16) ?? ''}}`);
}
