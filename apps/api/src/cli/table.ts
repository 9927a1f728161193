import { styleText } from 'node:util';
import Table from 'cli-table3';
import { ago } from './ago.js';
import { printable } from './printable.js';

/** What a cell on a terminal shows at most, in characters. */
const MAX_CELL = 32;

/** As many characters of an id as commands take for it at least. */
const SHORTEST_ID = 8;

/** What a column shows of an item. */
export type Cell = string | number | boolean | null | readonly string[] | Date;

/** The columns of a list by their headings. */
export type Columns<Item> = Readonly<Record<string, (item: Item) => Cell>>;

/** What is known about the terminal. */
export interface TerminalStyle {
  /** In characters. */
  readonly width: number;
  readonly unicode: boolean;
  readonly bold: boolean;
  readonly now: Date;
}

/** The column whose values are cut to a beginning that is unique in the list, where the terminal is too narrow. */
const ID = 'ID';

/** A table that fits the terminal, with times as people tell them. If none fits, each item as lines of `label: value`. */
export function terminalTable<Item>(items: readonly Item[], columns: Columns<Item>, style: TerminalStyle): string {
  const headings = Object.keys(columns);
  const rows = items.map((item) => Object.values(columns).map((column) => cut(humane(column(item), style.now), style)));
  for (const fitted of [rows, withShortIds(headings, rows)]) {
    const [head = '', rule = '', ...body] = drawn(headings, fitted, style.unicode);
    if (rule.length > style.width) continue;
    return [style.bold ? styleText('bold', head, { validateStream: false }) : head, rule, ...body].join('\n');
  }
  const labels = headings.map((heading) => heading.toLowerCase());
  const records = items.map((item) =>
    Object.values(columns).map((column, at) => [labels[at] ?? '', column(item)] as const),
  );
  return records.map(labelled).join('\n\n');
}

/** The columns of an item in full, separated by tabs. */
export function tabSeparated<Item>(columns: Columns<Item>, item: Item): string {
  return Object.values(columns)
    .map((column) => exact(column(item), ','))
    .join('\t');
}

/** Lines of `label: value`. */
export function labelled(fields: readonly (readonly [label: string, value: Cell])[]): string {
  const width = Math.max(...fields.map(([label]) => label.length));
  return fields.map(([label, value]) => `${`${label}:`.padEnd(width + 1)} ${exact(value, ', ')}`).join('\n');
}

function exact(value: Cell, separator: string): string {
  if (value === null) return '-';
  if (value instanceof Date) return value.toISOString();
  return printable(typeof value === 'object' ? value.join(separator) : String(value));
}

function humane(value: Cell, now: Date): string {
  return value instanceof Date ? ago(value, now) : exact(value, ',');
}

function cut(text: string, { unicode }: TerminalStyle): string {
  const characters = [...text];
  const end = unicode ? '…' : '...';
  return characters.length <= MAX_CELL + 4 ? text : characters.slice(0, MAX_CELL).join('') + end;
}

function withShortIds(
  headings: readonly string[],
  rows: readonly (readonly string[])[],
): readonly (readonly string[])[] {
  const column = headings.indexOf(ID);
  if (column < 0) return rows;
  const ids = new Set(rows.map((row) => row[column] ?? ''));
  let length = SHORTEST_ID;
  while (new Set([...ids].map((id) => id.slice(0, length))).size < ids.size) length += 1;
  return rows.map((row) => row.with(column, (row[column] ?? '').slice(0, length)));
}

/** The lines of the table. The second one is a rule as wide as the table. */
function drawn(headings: readonly string[], rows: readonly (readonly string[])[], unicode: boolean): string[] {
  const rule = unicode ? '─' : '-';
  const edges = {
    top: '',
    'top-mid': '',
    'top-left': '',
    'top-right': '',
    bottom: '',
    'bottom-mid': '',
    'bottom-left': '',
    'bottom-right': '',
    left: '',
    'left-mid': '',
    right: '',
    'right-mid': '',
  };
  const table = new Table({
    head: [...headings],
    chars: { ...edges, mid: rule, 'mid-mid': rule + rule, middle: '  ' },
    style: { head: [], border: [], compact: true, 'padding-left': 0, 'padding-right': 0 },
  });
  table.push(...rows.map((row) => [...row]));
  return table
    .toString()
    .split('\n')
    .map((line) => line.trimEnd());
}
