const PLAIN = /[^"\\\u0000-\u001f]*/y;
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

interface ScannedString {
  readonly value: string;
  /** Index after the closing quote. */
  readonly end: number;
}

/**
 * Reads the JSON string whose opening quote is at `open`, refusing what CPython's scanner refuses. `fail` must throw;
 * it gets CPython's message and the index of the fault.
 */
export function scanString(text: string, open: number, fail: (message: string, at: number) => never): ScannedString {
  let value = '';
  let at = open + 1;
  for (;;) {
    PLAIN.lastIndex = at;
    const plain = PLAIN.exec(text)?.[0] ?? '';
    value += plain;
    at += plain.length;
    const stop = text[at];
    if (stop === '"') return { value, end: at + 1 };
    if (stop === undefined) fail('Unterminated string starting at', open);
    if (stop !== '\\') fail('Invalid control character at', at);
    const letter = text[at + 1];
    if (letter === undefined) fail('Unterminated string starting at', open);
    if (letter === 'u') {
      value += String.fromCharCode(scanHex(text, at + 1, fail));
      at += 6;
    } else {
      value += ESCAPED.get(letter) ?? fail('Invalid \\escape', at);
      at += 2;
    }
  }
}

function scanHex(text: string, at: number, fail: (message: string, at: number) => never): number {
  HEX4.lastIndex = at + 1;
  const digits = HEX4.exec(text)?.[0];
  // CPython demands one character more than it reads: four good digits at the end of the text are refused too.
  if (digits === undefined || at + 5 >= text.length) fail('Invalid \\uXXXX escape', at);
  return Number.parseInt(digits, 16);
}
