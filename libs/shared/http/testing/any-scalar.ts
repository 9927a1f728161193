import fc from 'fast-check';

/**
 * Any Unicode scalar value, so no lone surrogate. For the unit `binary` fast-check makes a map of all of them, which takes
 * a second.
 */
export const anyScalar = fc.nat(0x10_f7ff).map((at) => String.fromCodePoint(at < 0xd800 ? at : at + 0x800));
