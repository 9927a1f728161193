import type { KeyLocation } from '../identity.options.js';

/** The header of the key, unless the application names another one. */
export const DEFAULT_HEADER = 'x-api-key';

const MISSING = 'No valid API key was provided.';

/** What a 401 says about how a key is sent. */
export interface Challenge {
  readonly message: string;
  /** The value of `WWW-Authenticate`. */
  readonly schemes: string;
}

/** Says how a key is sent to a place. */
export function challengeFor({ acceptBearer, keyHeader = DEFAULT_HEADER, readKey }: KeyLocation): Challenge {
  const header = keyHeader.toLowerCase() === DEFAULT_HEADER ? '' : `, header="${keyHeader}"`;
  const apiKey = `ApiKey realm="identity"${header}`;
  if (readKey !== undefined) return { message: MISSING, schemes: apiKey };
  const message = `${MISSING} Pass your key in the ${keyHeader} header`;
  if (!acceptBearer) return { message: `${message}.`, schemes: apiKey };
  return {
    message: `${message}, or as a Bearer token in the Authorization header.`,
    // The first, since clients that read one challenge know this one.
    schemes: `Bearer realm="identity", ${apiKey}`,
  };
}
