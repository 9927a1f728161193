import { Console } from 'node:console';
import { Writable } from 'node:stream';
import { format, inspect } from 'node:util';
import { describe, expect, it } from '@jest/globals';
import { TokenFormat } from './token-format.js';
import { ImportedToken } from './token.js';

const SECRET = 'Zk3v9QpXw7LmT2cRbN5yHs8DfGa1JeUo';
const CHECKSUM = '2xoeyk';
const token = new TokenFormat('fth', 'live').compose('aB3xY9zQ', SECRET);

function printed(print: (console: Console) => void): string {
  let text = '';
  const stream = new Writable({
    write(chunk: Buffer, _encoding, done) {
      text += chunk.toString();
      done();
    },
  });
  print(new Console(stream, stream));
  return text;
}

const SHOWN: Readonly<Record<string, () => string>> = {
  String: () => String(token),
  'a template': () => `key ${token as unknown as string}`,
  concatenation: () => ''.concat(token as unknown as string),
  'JSON.stringify': () => JSON.stringify({ token, nested: [{ token }] }),
  'util.inspect': () => inspect(token),
  'util.inspect with everything on': () =>
    inspect({ deep: { token } }, { showHidden: true, depth: Infinity, getters: true, customInspect: true }),
  'util.inspect without custom inspection': () => inspect(token, { customInspect: false, showHidden: true }),
  'util.format': () => format('%s %o %O %j', token, token, token, token),
  console: () => printed((console) => console.log(token, [token], new Map([['key', token]]))),
  'console.dir': () => printed((console) => console.dir({ token }, { depth: null, showHidden: true })),
  'console.table': () => printed((console) => console.table([token])),
  'an error cause': () => inspect(new Error('failed', { cause: token }), { depth: Infinity }),
  spreading: () => JSON.stringify(Object.assign({}, token)),
  'its entries': () => JSON.stringify(Object.entries(token)),
};

describe('a token', () => {
  it('tells its plain text when it is asked to', () => {
    expect(token.reveal()).toBe(`fth_live_aB3xY9zQ${SECRET}${CHECKSUM}`);
  });

  it.each(Object.entries(SHOWN))('shows its public part and nothing of its secret in %s', (_, show) => {
    const text = show();
    expect(text).toContain('fth_live_aB3xY9zQ');
    expect(text).not.toContain(SECRET.slice(0, 4));
    expect(text).not.toContain(SECRET.slice(-4));
    expect(text).not.toContain(CHECKSUM);
  });
});

describe('a key of another system', () => {
  const imported = new ImportedToken('imported_aB3xY9zQ', 'sk_live_4eC39HqLyj');

  it('is its secret as a whole, and shows what it is stored under alone', () => {
    expect([imported.reveal(), imported.secret]).toEqual(['sk_live_4eC39HqLyj', 'sk_live_4eC39HqLyj']);
    for (const shown of [
      String(imported),
      JSON.stringify({ imported }),
      inspect(imported),
      inspect([imported], { showHidden: true }),
    ]) {
      expect(shown).toContain('imported_aB3xY9zQ');
      expect(shown).not.toContain('4eC39HqLyj');
    }
  });
});
