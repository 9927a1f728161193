/** A parsed hash: bcrypt for our own keys, any scheme for imported ones. The libraries of bcrypt and argon2 parse the text again. */
export type StoredHash =
  | { readonly scheme: 'sha256'; readonly digest: Buffer }
  | { readonly scheme: 'hmac-sha256' | 'nestarc'; readonly pepper: string; readonly digest: Buffer }
  | { readonly scheme: 'bcrypt' | 'argon2' }
  | { readonly scheme: 'scrypt'; readonly cost: ScryptCost; readonly salt: Buffer; readonly digest: Buffer };

/** Parameters of scrypt (RFC 7914). */
interface ScryptCost {
  readonly N: number;
  readonly r: number;
  readonly p: number;
}

/** `damaged`: not in canonical spelling, or of an unknown scheme. `too costly`: refused without computing it. */
export type UnreadableHash = 'damaged' | 'too costly';

/** log2 of the rounds. A row must not be able to cost hours of CPU: each limit is about a second of one core. */
export const BCRYPT_COST = { least: 4, most: 14 } as const;
/** KiB of memory, and KiB times passes. */
const ARGON2 = { memory: 256 * 1024, work: 1024 * 1024, lanes: 16 };
/** N * r * p; the memory is 128 bytes times N * r, so at most 256 MiB. */
const MAX_SCRYPT_WORK = 2 ** 21;

const UNSALTED = /^(sha256|hmac-sha256|nestarc)(?::([^:]+))?:([\w-]{43})$/;
const BCRYPT = /^\$2[aby]\$(\d\d)\$[./0-9A-Za-z]{53}$/;
const B64 = '[A-Za-z0-9+/]+';
/** Without leading zeros, which libraries refuse. */
const NUMBER = '([1-9]\\d{0,9})';
const ARGON2_PHC = new RegExp(
  `^\\$argon2(?:id|i|d)\\$v=19\\$m=${NUMBER},t=${NUMBER},p=${NUMBER}\\$(${B64})\\$(${B64})$`,
);
const SCRYPT_PHC = new RegExp(`^\\$scrypt\\$ln=${NUMBER},r=${NUMBER},p=${NUMBER}\\$(${B64})\\$(${B64})$`);

/** Bytes of a salt and of a digest, in PHC string format (https://github.com/P-H-C/phc-string-format). */
const SALT = { least: 8, most: 64 };
const DIGEST = { least: 16, most: 64 };

/** Parses a hash of our own or one that `canonicalHash` has written. */
export function readStoredHash(text: string): StoredHash | UnreadableHash {
  return readUnsalted(text) ?? readBcrypt(text) ?? readArgon2(text) ?? readScrypt(text) ?? 'damaged';
}

/** Whether `text` is a bcrypt hash that is not too costly. */
export function isBcryptHash(text: string): boolean {
  const read = readBcrypt(text);
  return typeof read === 'object';
}

function readUnsalted(text: string): StoredHash | 'damaged' | undefined {
  const [, scheme, pepper, encoded] = UNSALTED.exec(text) ?? [];
  if (encoded === undefined) return undefined;
  const digest = Buffer.from(encoded, 'base64url');
  if (digest.toString('base64url') !== encoded || (scheme === 'sha256') !== (pepper === undefined)) return 'damaged';
  if (pepper === undefined) return { scheme: 'sha256', digest };
  return { scheme: scheme === 'nestarc' ? 'nestarc' : 'hmac-sha256', pepper, digest };
}

function readBcrypt(text: string): StoredHash | UnreadableHash | undefined {
  const [, cost] = BCRYPT.exec(text) ?? [];
  if (cost === undefined) return undefined;
  if (Number(cost) < BCRYPT_COST.least) return 'damaged';
  return Number(cost) > BCRYPT_COST.most ? 'too costly' : { scheme: 'bcrypt' };
}

function readArgon2(text: string): StoredHash | UnreadableHash | undefined {
  const [matched, ...parts] = ARGON2_PHC.exec(text) ?? [];
  if (matched === undefined) return undefined;
  const [memory = 0, passes = 0, lanes = 0] = parts.map(Number);
  if (memory < 8 * lanes || decoded(parts) === undefined) return 'damaged';
  const isCheap = memory <= ARGON2.memory && memory * passes <= ARGON2.work && lanes <= ARGON2.lanes;
  return isCheap ? { scheme: 'argon2' } : 'too costly';
}

function readScrypt(text: string): StoredHash | UnreadableHash | undefined {
  const [matched, ...parts] = SCRYPT_PHC.exec(text) ?? [];
  if (matched === undefined) return undefined;
  const [ln = 0, r = 0, p = 0] = parts.map(Number);
  const texts = decoded(parts);
  // RFC 7914, section 2: N is less than 2^(128 * r / 8).
  if (ln >= 16 * r || texts === undefined) return 'damaged';
  const cost = { N: 2 ** ln, r, p };
  return cost.N * r * p <= MAX_SCRYPT_WORK ? { scheme: 'scrypt', cost, ...texts } : 'too costly';
}

/** Salt and digest at the end of a PHC string; undefined for lengths and spellings that no program writes. */
function decoded(parts: readonly string[]): { salt: Buffer; digest: Buffer } | undefined {
  const [salt, digest] = parts.slice(-2).map((part) => Buffer.from(part, 'base64'));
  if (salt === undefined || digest === undefined) return undefined;
  const isCanonical = [salt, digest].every((bytes, at) => withoutPadding(bytes) === parts.at(at - 2));
  return isCanonical && isWithin(salt, SALT) && isWithin(digest, DIGEST) ? { salt, digest } : undefined;
}

function withoutPadding(bytes: Buffer): string {
  return bytes.toString('base64').replace(/=+$/, '');
}

function isWithin({ length }: Buffer, { least, most }: { least: number; most: number }): boolean {
  return length >= least && length <= most;
}
