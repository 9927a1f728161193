import { describe, expect, it } from '@jest/globals';
import { IsDate } from 'class-validator';
import { details, read } from '../../testing/read.js';

class Dated {
  @IsDate() at!: Date;
}

describe('a date-time near the last year', () => {
  it.each([
    ['9999-12-31T23:59:59.999Z', '9999-12-31T23:59:59.999Z'],
    ['9999-12-31T22:59:59-01:00', '9999-12-31T23:59:59.000Z'],
    ['9999-12-31T23:59:59+23:59', '9999-12-31T00:00:59.000Z'],
  ])('is read where it lies in it in UTC: %s', async (text, instant) => {
    expect(await read(`{"at":"${text}"}`, Dated)).toEqual({ at: new Date(instant) });
  });

  it.each(['9999-12-31T23:00:00-01:00', '9999-12-31T23:59:59-23:59'])(
    'is refused where it lies behind it in UTC: %s',
    async (text) => {
      expect(await details(read(`{"at":"${text}"}`, Dated))).toEqual([
        {
          type: 'datetime_parsing',
          loc: ['body', 'at'],
          msg: 'Input should be a valid datetime, year 10000 is out of range',
          input: text,
          ctx: { error: 'year 10000 is out of range' },
        },
      ]);
    },
  );
});
