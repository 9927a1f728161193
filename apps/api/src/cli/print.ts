import { isUnicodeTerminal } from '../environment/called-as.js';
import { writeOut } from '../standard-output.js';
import { type Cell, type Columns, labelled, tabSeparated, terminalTable } from './table.js';

/** The output of a command: a sentence, a record, or a list of records. */
export type Answer = string | Readonly<Record<string, Cell>> | readonly Readonly<Record<string, Cell>>[];

/** How a list is printed. */
export interface Listing<Item> {
  /** The fields of an item in JSON. */
  readonly record: (item: Item) => object;
  readonly columns: Columns<Item>;
  /** The headings of the columns that a narrow terminal does without, first ones first. Default: none. */
  readonly dispensable?: readonly string[];
  /** What is said on a terminal if there are none. */
  readonly none: string;
  readonly now: Date;
}

/**
 * Prints an answer on standard output: as JSON, or as lines of `label: value` with an empty line between records. Throws
 * `UnwrittenError`.
 */
export async function print(json: boolean | undefined, answer: Answer): Promise<void> {
  const text = json === true ? JSON.stringify(answer) : readable(answer);
  if (text !== '') await writeOut(`${text}\n`);
}

/**
 * Prints a list on standard output: as JSON; on a terminal as a table; elsewhere one line an item, whose columns are
 * separated by tabs, in full and without headings, for `grep` and `cut`. Throws `UnwrittenError`.
 */
export async function printList<Item>(
  json: boolean | undefined,
  items: readonly Item[],
  { record, columns, dispensable = [], none, now }: Listing<Item>,
): Promise<void> {
  const { stdout } = process;
  if (json === true) return writeOut(`${JSON.stringify(items.map(record))}\n`);
  if (!stdout.isTTY) return writeOut(items.map((item) => `${tabSeparated(columns, item)}\n`).join(''));
  if (items.length === 0) return writeOut(`${none}\n`);
  const style = { width: stdout.columns, unicode: isUnicodeTerminal(), bold: stdout.hasColors(), now };
  return writeOut(`${terminalTable(items, columns, dispensable, style)}\n`);
}

function readable(answer: Answer): string {
  if (typeof answer === 'string') return answer;
  const withSpaces = (fields: Readonly<Record<string, Cell>>) =>
    labelled(Object.entries(fields).map(([name, value]) => [name.replaceAll('_', ' '), value]));
  return [answer].flat().map(withSpaces).join('\n\n');
}
