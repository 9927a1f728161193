import { jwtVerify, SignJWT } from 'jose';
import type { User } from './user.js';

const ALGORITHM = 'HS256';
const LIFETIME = '1h';

/** The JWTs of users who have signed in. */
export class Sessions {
  readonly #secret: Uint8Array;

  constructor(secret: string) {
    this.#secret = new TextEncoder().encode(secret);
  }

  /** A JWT for this user. */
  create({ id }: Pick<User, 'id'>): Promise<string> {
    return new SignJWT()
      .setProtectedHeader({ alg: ALGORITHM })
      .setSubject(id)
      .setExpirationTime(LIFETIME)
      .sign(this.#secret);
  }

  /** The id of the user whose JWT this is; null for any other text. */
  async userId(token: string): Promise<string | null> {
    try {
      const { payload } = await jwtVerify(token, this.#secret, { algorithms: [ALGORITHM] });
      return payload.sub ?? null;
    } catch {
      return null;
    }
  }
}
