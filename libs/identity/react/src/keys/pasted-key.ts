/** What somebody typed or pasted into a search. */
export type SearchText =
  /** A name or a label. */
  | { readonly kind: 'text'; readonly text: string }
  /** The public part of a key, or what is left of a whole key after its secret was cut off. */
  | { readonly kind: 'prefix'; readonly prefix: string; readonly secretCutOff: boolean }
  /** Probably a whole key of another system, which has no public part that we know: ask the service in a body. */
  | { readonly kind: 'secret'; readonly secret: string };

/** `<namespace>_<environment>_` and 8 public characters; whatever follows belongs to the secret. */
const OUR_FORMAT = /^(([a-z][a-z0-9]{1,15})_[a-z][a-z0-9]{1,15}_[0-9A-Za-z]{8})([0-9A-Za-z]*)$/;

/** One long word of mixed characters: no name that people write. */
const LIKE_A_SECRET = /^(?=.*[0-9])(?=.*[A-Za-z])[\w.+/=~-]{24,}$/;
const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** A pasted text without the quotes and `x-api-key:` that come along when people copy from a command or a log. */
export function unwrapped(typed: string): string {
  return typed
    .trim()
    .replace(/^(?:x-api-key:\s*|(?:authorization:\s*)?bearer\s+)/i, '')
    .replace(/^["'`]|["'`]$/g, '');
}

/**
 * Says what a search is about. The secret part of a key of ours is in no answer.
 *
 * @param known - the public part of some key of this service. Keys of other systems may be written alike (`sk_live_...`)
 */
export function readSearch(typed: string, known: string | null): SearchText {
  const text = unwrapped(typed);
  const [, prefix, namespace, rest] = OUR_FORMAT.exec(text) ?? [];
  if (prefix !== undefined && (known === null || known.startsWith(`${namespace}_`))) {
    return { kind: 'prefix', prefix, secretCutOff: rest !== '' };
  }
  if (LIKE_A_SECRET.test(text) && !UUID.test(text)) return { kind: 'secret', secret: text };
  return { kind: 'text', text: typed.trim() };
}
