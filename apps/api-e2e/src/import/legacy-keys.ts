/** A key of another system with what is stored there, made by programs that have nothing to do with ours. */
export interface LegacyKey {
  readonly key: string;
  /** The fields of its row. */
  readonly row: Readonly<Record<string, string>>;
}

/** The peppers of the other system, and the settings of a service that accepts all of `LEGACY_KEYS`. */
export const ACCEPTED = {
  IMPORTED_KEYS: 'sha256,hmac-sha256,nestarc,prefix:12',
  // base64url of "pepper of the old system", as basenc --base64url prints it.
  IMPORTED_KEY_PEPPERS: 'old:cGVwcGVyIG9mIHRoZSBvbGQgc3lzdGVt',
};

const prefixOf = (key: string): string => key.slice(0, 12);

const SHA256_HEX = 'sk_live_sha256hex_Ue64RzXqJ1';
const SHA256_BASE64 = 'sk_live_sha256b64_Mk90WvFyD3';
const HMAC = 'sk_live_hmackey_Pf27SaOiN5';
const BCRYPT = 'sk_live_bcryptkey_7Qm2VtYwP4';
const ARGON2 = 'sk_live_argon2key_Zr81NcKdT0';
const SCRYPT = 'sk_live_scryptkey_Lw53HxBsG9';

/** One of each scheme. */
export const LEGACY_KEYS: Readonly<Record<string, LegacyKey>> = {
  // printf %s KEY | sha256sum
  'sha256 in hex': {
    key: SHA256_HEX,
    row: { scheme: 'sha256', hash: '7888961e9e0edf3a8037b065c6e51903de33c11bd76326cc20ab0ef07677f63f' },
  },
  // printf %s KEY | sha256sum | xxd -r -p | base64
  'sha256 in base64': {
    key: SHA256_BASE64,
    row: { scheme: 'sha256', encoding: 'base64', hash: 'VkvIR22YbLB/Q6s2iRR+sIMDDA8Rjavz8Wwmr1y1adM=' },
  },
  // python3: hmac.new(b'pepper of the old system', KEY, hashlib.sha256).hexdigest()
  'hmac-sha256': {
    key: HMAC,
    row: {
      scheme: 'hmac-sha256',
      pepper: 'old',
      hash: '59ede12b8ecce3f50a3f57b5cda8150304a7206031978e9bac79ac9d9cb0dc06',
    },
  },
  // htpasswd -nbBC 10 x KEY
  bcrypt: {
    key: BCRYPT,
    row: { prefix: prefixOf(BCRYPT), hash: '$2y$10$/pl3S75e7whm4JlHn1CJB.s/RbsMdG2l4XPCBjL65Ww3DNVzmAsPq' },
  },
  // printf %s KEY | argon2 somesalt12345678 -id -t 2 -m 12 -p 1 -e
  argon2: {
    key: ARGON2,
    row: {
      scheme: 'argon2',
      prefix: prefixOf(ARGON2),
      hash: '$argon2id$v=19$m=4096,t=2,p=1$c29tZXNhbHQxMjM0NTY3OA$OeHY4mH3wpDGNWdl6TKCwjb7JF4ZsdHOZkN2PEgpKpM',
    },
  },
  // python3: hashlib.scrypt(KEY, salt=b'0123456789abcdef', n=2**14, r=8, p=1, dklen=32), both in base64
  scrypt: {
    key: SCRYPT,
    row: {
      scheme: 'scrypt',
      prefix: prefixOf(SCRYPT),
      hash: '$scrypt$ln=14,r=8,p=1$MDEyMzQ1Njc4OWFiY2RlZg$faCXbdtJ4vCapQQdhutMjIWojXkO3UKkl6HdhwdnZCE',
    },
  },
};
