import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { type Answer, print, printList } from './print.js';

describe('print', () => {
  let printed: string;

  beforeEach(() => {
    printed = '';
    const write = (text: unknown, written: () => void) => {
      printed += String(text);
      written();
      return true;
    };
    jest.spyOn(process.stdout, 'write').mockImplementation(write as typeof process.stdout.write);
  });

  afterEach(() => {
    jest.restoreAllMocks();
  });

  const RECORD = { id: '1', key_prefix: 'fth', scopes: ['a', 'b'], is_active: true, expires_at: null };

  it.each<[string, boolean, Answer, string]>([
    ['a record as JSON', true, RECORD, `${JSON.stringify(RECORD)}\n`],
    ['records as JSON', true, [RECORD, RECORD], `${JSON.stringify([RECORD, RECORD])}\n`],
    ['no records as JSON', true, [], '[]\n'],
    ['a sentence', false, 'Done.', 'Done.\n'],
    [
      'a name that would command the terminal or forge a line, harmlessly',
      false,
      { name: 'x\u001b[2K\r\nid: 2\u202e\u2028' },
      'name: x\\u{1b}[2K\\u{d}\\u{a}id: 2\\u{202e}\\u{2028}\n',
    ],
    [
      'a record in columns',
      false,
      RECORD,
      'id:         1\nkey prefix: fth\nscopes:     a, b\nis active:  true\nexpires at: -\n',
    ],
    ['records apart', false, [{ id: '1' }, { id: '2' }], 'id: 1\n\nid: 2\n'],
    ['nothing for no records', false, [], ''],
  ])('prints %s', async (_what, json, answer, text) => {
    await print(json, answer);
    expect(printed).toBe(text);
  });

  it('prints for people unless it is told otherwise', async () => {
    await print(undefined, { id: '1' });
    expect(printed).toBe('id: 1\n');
  });

  describe('of a list', () => {
    const listing = {
      record: (id: string) => ({ id }),
      columns: { ID: (id: string) => id, NAME: () => 'a b', SCOPES: () => ['a', 'b'], END: () => null },
      none: 'None.',
      now: new Date(),
    };

    it('prints JSON with all fields', async () => {
      await printList(true, ['1', '2'], listing);
      await printList(true, [], listing);
      expect(printed).toBe('[{"id":"1"},{"id":"2"}]\n[]\n');
    });

    it('prints one line an item without headings where it is no terminal, and none for none', async () => {
      await printList(undefined, ['1', '2'], listing);
      await printList(undefined, [], listing);
      expect(printed).toBe('1\ta b\ta,b\t-\n2\ta b\ta,b\t-\n');
    });
  });
});
