import { isNestarcHead, parseNestarcKey } from './nestarc-key.js';
import { PUBLIC_LENGTH, type TokenFormat } from './token-format.js';

/** The most characters of a public part. Those of our own tokens are shorter; other systems choose theirs. */
export const MAX_KEY_PREFIX = 64;

const KEY_PREFIX = new RegExp(`^[\\x21-\\x7e]{1,${MAX_KEY_PREFIX}}$`);

/** A token of any installation, or most of one. */
const TOKEN = /^([a-z][a-z0-9]{1,15}_[a-z][a-z0-9]{1,15}_)[0-9A-Za-z]{30}/;

/** The public part of a token of any installation. */
const OF_TOKEN = new RegExp(`^[a-z][a-z0-9]{1,15}_([a-z][a-z0-9]{1,15})_[0-9A-Za-z]{${PUBLIC_LENGTH}}$`);

/** The environment in the public part of a token, as `live` in `acme_live_Zx81bQ7e`; null for one that has none. */
export function environmentOf(keyPrefix: string): string | null {
  return OF_TOKEN.exec(keyPrefix)?.[1] ?? null;
}

/** Whether `text` could be a public part: 1 to 64 printable ASCII characters without spaces. */
export function isKeyPrefix(text: string): boolean {
  return KEY_PREFIX.test(text);
}

/**
 * How many characters the public part of a token of this installation has that begins like `text`; 0 for a text of another
 * system. A shorter one was cut off.
 */
export function shortestKeyPrefix(text: string, format: TokenFormat): number {
  if (!format.hasNamespace(text)) return 0;
  const [head] = /^[a-z0-9]+_[a-z0-9]+_/.exec(text) ?? [`${format.namespace}_${format.environment}_`];
  return head.length + PUBLIC_LENGTH;
}

/**
 * How many characters a public part may have that begins like `text`. A longer `text` contains a part of a secret: it
 * belongs neither in an address nor on a command line.
 */
export function longestKeyPrefix(text: string, { namespace, environments }: TokenFormat): number {
  if (isNestarcHead(text)) return MAX_KEY_PREFIX;
  const nestarc = parseNestarcKey(text);
  if (nestarc !== null) return nestarc.head.length;
  const own = environments.map((environment) => `${namespace}_${environment}_`).find((each) => text.startsWith(each));
  const head = own ?? TOKEN.exec(text)?.[1];
  return head === undefined ? MAX_KEY_PREFIX : head.length + PUBLIC_LENGTH;
}
