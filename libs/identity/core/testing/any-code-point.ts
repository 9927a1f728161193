import fc from 'fast-check';

/** Any code point, lone surrogates too. For the unit `binary` fast-check makes a map of all 1,114,112, which takes a second. */
export const anyCodePoint = fc.nat(0x10_ffff).map((code) => String.fromCodePoint(code));
