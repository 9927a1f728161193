import { decodeText, UnreadableJsonError } from './decode.js';
import type { JsonValue } from './json-value.js';

// CPython's recursion limit under FastAPI: 950 levels pass, 1,000 fail.
const MAX_DEPTH = 975;
// sys.int_info.default_max_str_digits
const MAX_INTEGER_DIGITS = 4300;
const SPACE = /[ \t\n\r]*/y;
const NUMBER = /(-?(?:0|[1-9][0-9]*))(\.[0-9]+)?([eE][-+]?[0-9]+)?/y;
const PLAIN_TEXT = /[^"\\\u0000-\u001f]*/y;
const HEX4 = /[0-9A-Fa-f]{4}/y;
const ESCAPED: ReadonlyMap<string, string> = new Map([
  ['"', '"'],
  ['\\', '\\'],
  ['/', '/'],
  ['b', '\b'],
  ['f', '\f'],
  ['n', '\n'],
  ['r', '\r'],
  ['t', '\t'],
]);
const WORDS: readonly (readonly [string, JsonValue])[] = [
  ['null', null],
  ['true', true],
  ['false', false],
  ['NaN', Number.NaN],
  ['Infinity', Number.POSITIVE_INFINITY],
  ['-Infinity', Number.NEGATIVE_INFINITY],
];

/** Text that is not JSON: CPython's message, and where it stopped, counted in code points. */
export class JsonSyntaxError extends Error {
  constructor(
    message: string,
    readonly position: number,
  ) {
    super(message);
  }
}

/**
 * Reads a JSON body by the rules of CPython's scanner: NaN and Infinity are values, and a repeated key has its last value
 * in the place of the first. Throws JsonSyntaxError with CPython's text, or UnreadableJsonError.
 */
export function parseJson(bytes: Buffer): JsonValue {
  return new Scanner(decodeText(bytes)).document();
}

class Scanner {
  private at = 0;
  private depth = 0;

  constructor(private readonly text: string) {}

  document(): JsonValue {
    this.skipSpace();
    const value = this.value();
    this.skipSpace();
    if (this.at < this.text.length) this.fail('Extra data');
    return value;
  }

  private value(): JsonValue {
    switch (this.text[this.at]) {
      case '"':
        return this.string();
      case '{':
        return this.nested(() => this.object());
      case '[':
        return this.nested(() => this.array());
      default:
        return this.scalar();
    }
  }

  private scalar(): JsonValue {
    const word = WORDS.find(([spelling]) => this.text.startsWith(spelling, this.at));
    if (word !== undefined) {
      this.at += word[0].length;
      return word[1];
    }
    NUMBER.lastIndex = this.at;
    const [number, integer, fraction, exponent] = NUMBER.exec(this.text) ?? [];
    if (number === undefined || integer === undefined) return this.fail('Expecting value');
    this.at += number.length;
    if (fraction !== undefined || exponent !== undefined) return Number(number);
    const digits = integer.length - (integer.startsWith('-') ? 1 : 0);
    if (digits > MAX_INTEGER_DIGITS) throw new UnreadableJsonError('integer too long');
    return BigInt(integer);
  }

  private string(): string {
    const open = this.at;
    let value = '';
    this.at += 1;
    for (;;) {
      PLAIN_TEXT.lastIndex = this.at;
      const plain = PLAIN_TEXT.exec(this.text)?.[0] ?? '';
      value += plain;
      this.at += plain.length;
      if (this.takes('"')) return value;
      const stop = this.text[this.at];
      if (stop === undefined) this.fail('Unterminated string starting at', open);
      if (stop !== '\\') this.fail('Invalid control character at');
      value += this.escaped(open);
    }
  }

  /** The character of an escape, at the backslash of a string that begins at `open`. */
  private escaped(open: number): string {
    const letter = this.text[this.at + 1];
    if (letter === undefined) return this.fail('Unterminated string starting at', open);
    const character = letter === 'u' ? this.hexadecimal() : ESCAPED.get(letter);
    if (character === undefined) return this.fail('Invalid \\escape');
    this.at += letter === 'u' ? 6 : 2;
    return character;
  }

  private hexadecimal(): string {
    HEX4.lastIndex = this.at + 2;
    const digits = HEX4.exec(this.text)?.[0];
    // CPython wants one character more than it reads, so it refuses four good digits at the end of the text, too.
    if (digits === undefined || this.at + 6 >= this.text.length) this.fail('Invalid \\uXXXX escape', this.at + 1);
    return String.fromCharCode(Number.parseInt(digits, 16));
  }

  private nested<T>(read: () => T): T {
    if (++this.depth > MAX_DEPTH) throw new UnreadableJsonError('nested too deep');
    this.at += 1;
    this.skipSpace();
    const value = read();
    this.depth -= 1;
    return value;
  }

  private object(): Map<string, JsonValue> {
    const members = new Map<string, JsonValue>();
    if (this.takes('}')) return members;
    do {
      this.skipSpace();
      if (this.text[this.at] !== '"') this.fail('Expecting property name enclosed in double quotes');
      const key = this.string();
      this.skipSpace();
      if (!this.takes(':')) this.fail("Expecting ':' delimiter");
      this.skipSpace();
      members.set(key, this.value());
    } while (this.continues('}'));
    return members;
  }

  private array(): JsonValue[] {
    const items: JsonValue[] = [];
    if (this.takes(']')) return items;
    do {
      this.skipSpace();
      items.push(this.value());
    } while (this.continues(']'));
    return items;
  }

  /** After a member: true at a comma, false at the closing bracket. */
  private continues(close: string): boolean {
    this.skipSpace();
    if (this.takes(close)) return false;
    return this.takes(',') || this.fail("Expecting ',' delimiter");
  }

  private takes(character: string): boolean {
    if (this.text[this.at] !== character) return false;
    this.at += 1;
    return true;
  }

  private skipSpace(): void {
    SPACE.lastIndex = this.at;
    this.at += SPACE.exec(this.text)?.[0].length ?? 0;
  }

  private fail(message: string, at = this.at): never {
    throw new JsonSyntaxError(message, [...this.text.slice(0, at)].length);
  }
}
