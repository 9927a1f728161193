import type { ApiKeyVerifier } from '@feather-identity/core';
import { type Challenge, challengeFor, DEFAULT_HEADER } from '../errors/challenge.js';
import type { KeyLocation } from '../identity.options.js';
import { nodeRequestOf } from './caller-of-request.js';
import type { GuardedRequest } from './guarded-request.js';

/** The scheme takes any letter case, and one or more spaces behind it (RFC 9110, section 11.4). */
const BEARER = /^bearer +(.*)$/i;

/** Reads the key of a request from the place where the application accepts it. */
export class KeyReader {
  /** What a 401 says; undefined for what it says by default. */
  readonly challenge: Challenge | undefined;
  readonly #header: string;
  readonly #acceptBearer: boolean;
  readonly #readKey: KeyLocation['readKey'];

  constructor(
    location: KeyLocation,
    private readonly verifier: ApiKeyVerifier,
  ) {
    const { acceptBearer = false, keyHeader = DEFAULT_HEADER, readKey } = location;
    this.#header = keyHeader.toLowerCase();
    this.#acceptBearer = acceptBearer;
    this.#readKey = readKey;
    const isDefault = !acceptBearer && this.#header === DEFAULT_HEADER && readKey === undefined;
    this.challenge = isDefault ? undefined : challengeFor(location);
  }

  /** The key, empty if there is none. Of two keys neither counts: then this is both of them, which is no key. */
  read(request: GuardedRequest): string {
    if (this.#readKey !== undefined) return textOf(this.#readKey(request));
    const key = textOf(request.headers[this.#header]);
    if (!this.#acceptBearer) return key;
    const bearer = this.bearerOf(request);
    return key === '' || bearer === '' ? key + bearer : `${key}, ${bearer}`;
  }

  /** The bearer token that is meant as a key. Others, such as JWTs, are none of this guard's business. */
  private bearerOf(request: GuardedRequest): string {
    const { authorization } = request.headers;
    if (authorization === undefined) return '';
    const lines = linesOf(request, authorization);
    // A proxy may have joined several lines to one.
    const parts = lines.some((line) => line.includes(',')) ? lines.flatMap((line) => line.split(',')) : lines;
    const tokens = parts.map((part) => BEARER.exec(part.trim())?.[1] ?? '');
    return tokens.some((token) => this.verifier.recognizes(token)) ? tokens.join(', ') : '';
  }
}

/** A header as Node joins its lines: "a, b" is no token, so that of two keys neither counts. */
function textOf(header: string | readonly string[] | undefined): string {
  if (typeof header === 'string') return header;
  return Array.isArray(header) ? header.join(', ') : '';
}

/** The lines of `Authorization`: of several, Node shows but the first in `headers`. */
function linesOf(request: GuardedRequest, authorization: string | readonly string[]): readonly string[] {
  if (typeof authorization !== 'string') return authorization;
  const { rawHeaders = [] } = nodeRequestOf(request) as Pick<GuardedRequest, 'rawHeaders'>;
  const lines: string[] = [];
  for (let index = 0; index < rawHeaders.length; index += 2)
    if (isAuthorization(rawHeaders[index])) lines.push(rawHeaders[index + 1] ?? '');
  return lines.length > 1 ? lines : [authorization];
}

function isAuthorization(name: string | undefined): boolean {
  return name?.length === 'authorization'.length && name.toLowerCase() === 'authorization';
}
