import { expect, it } from '@jest/globals';
import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { csvLine } from '@feather-identity/shared-http';

it('is read by others as it was written, whatever the cells hold', () => {
  const cell = fc.string({ unit: fc.constantFrom('a', ',', '"', '\r', '\n', ' ', ';', 'é', "'", '🪶') });
  fc.assert(
    fc.property(fc.array(fc.array(cell, { minLength: 2, maxLength: 2 }), { minLength: 1 }), (rows) => {
      const read = parse(rows.map(csvLine).join(''), {
        record_delimiter: '\r\n',
        skip_empty_lines: false,
      });
      expect(read).toEqual(rows.map((row) => row.map((text) => (text.startsWith('\r') ? `'${text}` : text))));
    }),
  );
});

it('leaves null empty, and makes formulas text', () => {
  expect(csvLine([null, '=1+1', '+1', '-1', '@a', '\t1', '\r1', 'a=1', ' =1'])).toBe(
    ",'=1+1,'+1,'-1,'@a,'\t1,\"'\r1\",a=1, =1\r\n",
  );
});
