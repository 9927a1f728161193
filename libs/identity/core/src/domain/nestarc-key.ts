const HEAD = '[0-9A-Za-z]{1,32}_(?:live|test)_[0-9A-Za-z]{12}';
const NESTARC_HEAD = new RegExp(`^${HEAD}$`);
const NESTARC_KEY = new RegExp(`^(${HEAD})_([0-9A-Za-z]{32})$`);

/**
 * A key of `@nestarc/api-keys`, taken apart as its key-format.ts does it: `<namespace>_<live|test>_<12>_<32>`. What is stored
 * there is a hash of `secret` alone, so that only looking for the whole `head` binds the rest of the key.
 */
export interface NestarcKey {
  readonly head: string;
  readonly secret: string;
}

/** The parts of a key of `@nestarc/api-keys`; null for another text. */
export function parseNestarcKey(text: string): NestarcKey | null {
  const [, head, secret] = NESTARC_KEY.exec(text) ?? [];
  return head === undefined || secret === undefined ? null : { head, secret };
}

/** Whether `text` is all that comes before the secret in such a key. */
export function isNestarcHead(text: string): boolean {
  return NESTARC_HEAD.test(text);
}
