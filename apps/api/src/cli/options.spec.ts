import { describe, expect, it } from '@jest/globals';
import { Command, CommanderError, InvalidArgumentError } from 'commander';
import { bool, duration, moment, optionalDays, pepperVersionOption, scopes, uuid } from './options.js';

const ID = '0198ffff-0000-7000-8000-00000000abcd';

describe('options of commands', () => {
  it('take an id in either letter case', () => {
    expect(uuid(ID.toUpperCase())).toBe(ID);
  });

  it.each(['', 'acme', ID.slice(1), `${ID}0`, `{${ID}}`, `${ID}\n`])('take no other text for an id: %j', (text) => {
    expect(() => uuid(text)).toThrow(InvalidArgumentError);
  });

  it('take durations by their units', () => {
    expect(['30s', '5m', '24h', '7d', '2w', '36500d'].map(duration)).toEqual([
      30_000, 300_000, 86_400_000, 604_800_000, 1_209_600_000, 3_153_600_000_000,
    ]);
  });

  it.each(['', '0d', '7', '-7d', '1.5h', '7 d', '7D', '7y', '36501d', '999999999w', '9'.repeat(400) + 'd'])(
    'take no other text for a duration: %j',
    (text) => {
      expect(() => duration(text)).toThrow(InvalidArgumentError);
      expect(() => moment(text)).toThrow(InvalidArgumentError);
    },
  );

  it('take an instant only with its offset, which may be on another day', () => {
    expect(moment('2030-01-31T23:30:00-02:00')).toEqual(new Date('2030-02-01T01:30:00Z'));
    expect(moment('90d')).toBe(7_776_000_000);
    for (const text of ['2030-01-31', '2030-01-31T12:00:00', '2030-13-31T12:00:00Z', 'tomorrow']) {
      expect(() => moment(text)).toThrow(InvalidArgumentError);
    }
  });

  it('take scopes by commas and by repetition, and never none', () => {
    expect(scopes('a:b, c:*')).toEqual(['a:b', 'c:*']);
    expect(scopes('c:*', ['a:b'])).toEqual(['a:b', 'c:*']);
    for (const text of ['', ' ', ',', 'a:b,', ',a:b', 'a:b,,c:d']) {
      expect(() => scopes(text)).toThrow(InvalidArgumentError);
    }
  });

  it('take the numbers and words of a policy, and no others', () => {
    expect([optionalDays('none'), optionalDays('1'), optionalDays('36500')]).toEqual(['none', 1, 36_500]);
    for (const text of ['', '0', '-1', '1.5', '36501', '90d', 'null']) {
      expect(() => optionalDays(text)).toThrow(InvalidArgumentError);
    }
    expect([bool('true'), bool('false')]).toEqual([true, false]);
    for (const text of ['', 'yes', 'TRUE', '1']) expect(() => bool(text)).toThrow(InvalidArgumentError);
  });

  it('number a pepper, 1 without a word', () => {
    const version = (...given: string[]) =>
      new Command('generate')
        .exitOverride()
        .configureOutput({ writeErr: () => undefined })
        .addOption(pepperVersionOption())
        .parse(given, { from: 'user' })
        .opts();
    expect([version(), version('--version', '999999999')]).toEqual([{ version: 1 }, { version: 999_999_999 }]);
    for (const text of ['0', '01', '-1', '1.5', 'two', '', '1234567890']) {
      expect(() => version(`--version=${text}`)).toThrow(CommanderError);
    }
  });
});
