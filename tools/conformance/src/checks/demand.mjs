import { isDeepStrictEqual } from 'node:util';

/** An answer that breaks the contract. */
export class Deviation extends Error {
  constructor(what, expected, got) {
    super(what);
    this.expected = expected;
    this.got = got;
  }
}

/** Throws a Deviation unless both are the same. */
export function demand(what, got, expected) {
  if (!isDeepStrictEqual(got, expected)) throw new Deviation(what, expected, got);
}

/** Throws a Deviation if there is a fault. */
export function assertNoFault(fault, expected, { status, text }) {
  if (fault !== null) throw new Deviation(fault, expected, `${status} ${text}`);
}
