import { describe, expect, it } from '@jest/globals';
import { Command, CommanderError } from 'commander';
import { organizationOption, pepperVersionOption, uuid, withJson } from './options.js';

const ID = '0198ffff-0000-7000-8000-00000000abcd';

/** What a command with these options makes of its arguments. */
function parse(...given: string[]): unknown {
  const command = withJson(new Command('list')).addOption(organizationOption()).exitOverride();
  return command
    .configureOutput({ writeErr: () => undefined })
    .parse(given, { from: 'user' })
    .opts();
}

describe('options of commands', () => {
  it('take an id in either letter case', () => {
    expect(parse('--organization', ID.toUpperCase())).toEqual({ organization: ID });
    expect(uuid(ID)).toBe(ID);
  });

  it.each(['', 'acme', ID.slice(1), `${ID}0`, `{${ID}}`, `${ID}\n`])('take no other text for an id: %j', (text) => {
    expect(() => parse(`--organization=${text}`)).toThrow(CommanderError);
  });

  it('ask for the organization', () => {
    expect(() => parse()).toThrow(/--organization/);
  });

  it('know --json', () => {
    expect(parse('--organization', ID, '--json')).toEqual({ organization: ID, json: true });
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
