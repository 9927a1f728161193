const HEAD = '[0-9A-Za-z]{1,32}_(?:live|test)_[0-9A-Za-z]{12}';
const NESTARC_HEAD = new RegExp(`^${HEAD}$`);
const NESTARC_KEY = new RegExp(`^(${HEAD})_([0-9A-Za-z]{32})$`);

/**
 * The parts of a key of `@nestarc/api-keys`, as its key-format.ts defines them: `<namespace>_<live|test>_<12>_<32>`. The
 * stored hash covers `secret` alone, so the look-up must compare the whole `head`.
 */
export interface NestarcKey {
  readonly head: string;
  readonly secret: string;
}

/** Parses a key of `@nestarc/api-keys`; null for any other text. */
export function parseNestarcKey(text: string): NestarcKey | null {
  const [, head, secret] = NESTARC_KEY.exec(text) ?? [];
  return head === undefined || secret === undefined ? null : { head, secret };
}

/** Whether `text` is the `head` of such a key. */
export function isNestarcHead(text: string): boolean {
  return NESTARC_HEAD.test(text);
}
