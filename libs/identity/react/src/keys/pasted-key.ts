/** What somebody typed or pasted into a search. */
export type SearchText =
  /** A name or a label. */
  | { readonly kind: 'text'; readonly text: string }
  /** The public part of a key, or what is left of a whole key after its secret was cut off. */
  | { readonly kind: 'prefix'; readonly prefix: string; readonly secretCutOff: boolean }
  /** Probably a whole key of another system, which has no public part that we know: ask the service in a body. */
  | { readonly kind: 'secret'; readonly secret: string };

/** `<namespace>_<environment>_` and 8 public characters; whatever follows belongs to the secret. */
const OUR_FORMAT = /(?<![0-9A-Za-z])(([a-z][a-z0-9]{1,15})_[a-z][a-z0-9]{1,15}_[0-9A-Za-z]{8})([0-9A-Za-z]*)/g;
const ONLY_OUR_FORMAT = /^[a-z][a-z0-9]{1,15}_[a-z][a-z0-9]{1,15}_[0-9A-Za-z]{8,}$/;

/** One long word of mixed characters: no name that people write. */
const LIKE_A_SECRET = /^(?=.*[0-9])(?=.*[A-Za-z])[\w.+/=~-]{24,}$/;
const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** What stands around a secret in a command, a settings file or a log. */
const AROUND = /x-api-key:|[\s"'`,;&?]|=(?=.)/i;

/** A pasted text without the quotes and `x-api-key:` that come along when people copy from a command or a log. */
export function unwrapped(typed: string): string {
  return typed
    .trim()
    .replace(/^(?:x-api-key:\s*|(?:authorization:\s*)?bearer\s+)/i, '')
    .replace(/^["'`]|["'`]$/g, '');
}

/**
 * Says what a search is about. The secret part of a key of ours is in no answer, whatever was pasted along with it.
 *
 * @param known - the public part of some key of this service. Keys of other systems may be written alike (`sk_live_...`)
 */
export function readSearch(typed: string, known: string | null): SearchText {
  const text = unwrapped(typed);
  for (const [, prefix = '', namespace, rest] of text.matchAll(OUR_FORMAT)) {
    // While no key is known, words of a longer text may be anything.
    if (known === null ? ONLY_OUR_FORMAT.test(text) : known.startsWith(`${namespace}_`)) {
      return { kind: 'prefix', prefix, secretCutOff: rest !== '' };
    }
  }
  const secret = [text, ...text.split(AROUND)].find((word) => LIKE_A_SECRET.test(word) && !UUID.test(word));
  return secret === undefined ? { kind: 'text', text: typed.trim() } : { kind: 'secret', secret };
}
