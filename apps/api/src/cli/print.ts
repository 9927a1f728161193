import { writeOut } from '../standard-output.js';

const UNPRINTABLE = /[\p{Cc}\p{Cf}\u2028\u2029]/gu;

type Field = string | number | boolean | null | readonly string[];

/** What a command answers: a sentence, a record, or a list of records. */
export type Answer = string | Readonly<Record<string, Field>> | readonly Readonly<Record<string, Field>>[];

/**
 * Prints an answer on standard output: JSON for programs, otherwise lines of `label: value`, records apart. Throws
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

/** Names are chosen by tenants: a terminal must not take part of one for a command or a line of ours. */
export function printable(text: string): string {
  return text.replace(UNPRINTABLE, (character) => `\\u{${character.codePointAt(0)?.toString(16) ?? ''}}`);
}
