const LONGEST = 40;

/** What has to be typed before a key is revoked: its name, or its public part where the name cannot well be typed. */
export function phraseFor(name: string, keyPrefix: string): string {
  const plain = name.trim();
  return plain.length <= LONGEST && /^[\x21-\x7e]+(?: [\x21-\x7e]+)*$/.test(plain) ? plain : keyPrefix;
}
