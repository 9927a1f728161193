import { describe, expect, it } from '@jest/globals';
import { type Columns, tabSeparated, terminalTable } from './table.js';

interface Item {
  readonly id: string;
  readonly name: string;
  readonly scopes: readonly string[];
  readonly used: Date | null;
}

const FIRST: Item = { id: '0199d5a0-6d1c-7000', name: 'deploy', scopes: ['a:b', 'c:*'], used: null };
const SECOND: Item = { id: '0199d5a0-6d2f-7000', name: '鍵🔑', scopes: [], used: new Date('2026-06-01T11:00:00Z') };
const COLUMNS: Columns<Item> = {
  ID: ({ id }) => id,
  NAME: ({ name }) => name,
  SCOPES: ({ scopes }) => scopes,
  USED: ({ used }) => used,
};
const STYLE = { width: 80, unicode: true, bold: false, now: new Date('2026-06-01T12:00:00Z') };

const shown = (style: Partial<typeof STYLE> = {}, items: readonly Item[] = [FIRST, SECOND]) =>
  terminalTable(items, COLUMNS, ['SCOPES'], { ...STYLE, ...style }).split('\n');

describe('a table on a terminal', () => {
  it('aligns its columns by what a terminal shows, with times as people tell them', () => {
    expect(shown()).toEqual([
      'ID                  NAME    SCOPES   USED',
      '─'.repeat(43),
      '0199d5a0-6d1c-7000  deploy  a:b,c:*  -',
      '0199d5a0-6d2f-7000  鍵🔑             1h ago',
    ]);
  });

  it('has no more than ASCII where the locale does not, and is bold only where it may be', () => {
    expect(shown({ unicode: false })[1]).toBe('-'.repeat(43));
    expect(shown({ bold: true })[0]).toMatch(/^\u001b\[1mID .*\u001b\[22m$/);
  });

  it('cuts long texts, but no id', () => {
    const id = '0199d5a0-0000-7000-8000-000000000000';
    const long = { ...FIRST, id, name: 'n'.repeat(37) };
    expect(shown({ width: 100 }, [long])[2]).toContain(`${id}  ${'n'.repeat(35)}…  `);
    expect(shown({ width: 100, unicode: false }, [long])[2]).toContain(`${id}  ${'n'.repeat(33)}...  `);
  });

  it('takes less room on a narrow terminal: unique beginnings of ids, fewer columns, and at last a line a field', () => {
    expect(shown({ width: 43 })[2]).toMatch(/^0199d5a0-6d1c-7000 {2}/);
    expect(shown({ width: 42 })[2]).toMatch(/^0199d5a0-6d1 {2}deploy {2}a:b,c:\* {2}-$/);
    expect(shown({ width: 36 })[2]).toMatch(/^0199d5a0-6d1 {2}deploy {2}-$/);
    expect(shown({ width: 20 })).toEqual([
      'id:     0199d5a0-6d1c-7000',
      'name:   deploy',
      'scopes: a:b, c:*',
      'used:   -',
      '',
      'id:     0199d5a0-6d2f-7000',
      'name:   鍵🔑',
      'scopes: ',
      'used:   2026-06-01T11:00:00.000Z',
    ]);
  });

  it('lets no field command the terminal or forge a cell, on a terminal and elsewhere', () => {
    const forged = { ...FIRST, name: 'x\u001b[2K\t\n', scopes: ['\u202ea'] };
    for (const width of [80, 10]) {
      const text = shown({ width }, [forged]).join('\n');
      expect(text).toContain('x\\u{1b}[2K\\u{9}\\u{a}');
      expect(text).toContain('\\u{202e}a');
    }
    expect(tabSeparated(COLUMNS, forged)).toBe('0199d5a0-6d1c-7000\tx\\u{1b}[2K\\u{9}\\u{a}\t\\u{202e}a\t-');
  });

  it('lists thousands of items at once', () => {
    const many = Array.from({ length: 10_000 }, (_, at) => ({ ...FIRST, id: `0199d5a0-${at}` }));
    const start = performance.now();
    expect(shown({}, many)).toHaveLength(10_002);
    expect(performance.now() - start).toBeLessThan(5000);
  });
});

describe('a line of a list that another program reads', () => {
  it('has each column in full', () => {
    expect(tabSeparated(COLUMNS, { ...SECOND, name: 'n'.repeat(99), scopes: ['a:b', 'c:d'] })).toBe(
      `0199d5a0-6d2f-7000\t${'n'.repeat(99)}\ta:b,c:d\t2026-06-01T11:00:00.000Z`,
    );
  });
});
