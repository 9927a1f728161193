import { styleText } from 'node:util';
import { type JsonObject, type Quota, type RateLimit, spellQuota, spellRateLimit } from '@feather-identity/core';
import stringWidth from 'string-width';
import { ago } from './ago.js';
import { printable } from './printable.js';

/** What a cell on a terminal shows at most, in characters: as much as an id has. */
const MAX_CELL = 36;

/** As many characters of an id as commands take for it at least. */
const SHORTEST_ID = 8;

/** What a column shows of an item. */
export type Cell =
  | string
  | number
  | boolean
  | null
  | readonly string[]
  | Date
  | RateLimit
  | Quota
  | JsonObject
  | Readonly<Record<string, string | null>>;

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

type Row = readonly string[];

/** The column whose values are cut to a beginning that is unique in the list, where the terminal is too narrow. */
const ID = 'ID';

/**
 * A table that fits the terminal, with times as people tell them. On a narrow one it has the beginnings of ids, then
 * without the dispensable columns, first ones first. If none fits, each item is lines of `label: value`.
 */
export function terminalTable<Item>(
  items: readonly Item[],
  columns: Columns<Item>,
  dispensable: readonly string[],
  style: TerminalStyle,
): string {
  const headings = Object.keys(columns);
  const rows = items.map((item) => Object.values(columns).map((column) => cut(humane(column(item), style.now), style)));
  const whole = [headings, ...rows];
  const short = [headings, ...withShortIds(headings, rows)];
  const narrower = dispensable.map((_, at) => without(short, dispensable.slice(0, at + 1)));
  for (const rows of [whole, short, ...narrower]) {
    const [head = '', ...lines] = aligned(rows);
    const width = Math.max(...[head, ...lines].map((line) => stringWidth(line)));
    if (width > style.width) continue;
    const rule = (style.unicode ? '─' : '-').repeat(width);
    return [style.bold ? styleText('bold', head, { validateStream: false }) : head, rule, ...lines].join('\n');
  }
  const toFields = (item: Item) =>
    Object.entries(columns).map(([heading, column]) => [heading.toLowerCase(), column(item)] as const);
  return items.map((item) => labelled(toFields(item))).join('\n\n');
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

/** Lines of columns as wide as their widest cell on a terminal, where a character may take no or two places. */
export function aligned(rows: readonly Row[], rightmost: readonly number[] = []): string[] {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => stringWidth(row[column] ?? ''))));
  const cell = (text: string, column: number): string => {
    const space = ' '.repeat((widths[column] ?? 0) - stringWidth(text));
    return rightmost.includes(column) ? space + text : text + space;
  };
  return rows.map((row) => row.map(cell).join('  ').trimEnd());
}

function exact(value: Cell, separator: string): string {
  if (value === null) return '-';
  if (value instanceof Date) return value.toISOString();
  if (typeof value !== 'object') return printable(String(value));
  return printable(isList(value) ? value.join(separator) : spelled(value as Readonly<Record<string, unknown>>));
}

/** Objects that options take or answers have, in the words of the command line; others, such as metadata, as JSON. */
function spelled(value: Readonly<Record<string, unknown>>): string {
  switch (Object.keys(value).sort().join()) {
    case 'requests,seconds':
      return spellRateLimit(value as unknown as RateLimit);
    case 'period,requests':
      return spellQuota(value as unknown as Quota);
    case 'api_key_id,type,user_id':
    case 'id,type':
      // As in `operator` and `api_key 0199d5a0-0000-7000-8000-000000000000`.
      return (Object.values(value) as (string | null)[]).filter((part) => part !== null).join(' ');
    default:
      return JSON.stringify(value);
  }
}

function isList(value: object): value is readonly string[] {
  return Array.isArray(value);
}

function humane(value: Cell, now: Date): string {
  return value instanceof Date ? ago(value, now) : exact(value, ',');
}

function cut(text: string, { unicode }: TerminalStyle): string {
  const characters = [...text];
  const end = unicode ? '…' : '...';
  return characters.length <= MAX_CELL ? text : characters.slice(0, MAX_CELL - end.length).join('') + end;
}

function without([head = [], ...rows]: readonly Row[], headings: readonly string[]): readonly Row[] {
  const kept = (row: Row) => row.filter((_, column) => !headings.includes(head[column] ?? ''));
  return [head, ...rows].map(kept);
}

function withShortIds(headings: readonly string[], rows: readonly Row[]): readonly Row[] {
  const column = headings.indexOf(ID);
  if (column < 0) return rows;
  const ids = new Set(rows.map((row) => row[column] ?? ''));
  let length = SHORTEST_ID;
  while (new Set([...ids].map((id) => id.slice(0, length))).size < ids.size) length += 1;
  return rows.map((row) => row.with(column, (row[column] ?? '').slice(0, length)));
}
