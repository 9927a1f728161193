import { expect } from '@jest/globals';
import type { Answer } from './http.js';

/** The one body of every 401. */
export const REFUSAL = {
  error: 'authentication_required',
  message: 'No valid API key was provided. Pass your key in the x-api-key header.',
};

/** Expects the one answer to whoever is not authenticated. */
export function expectRefusal({ status, headers, text }: Answer): void {
  expect({ status, text }).toEqual({ status: 401, text: JSON.stringify(REFUSAL) });
  expect(headers).toMatchObject({
    'www-authenticate': 'ApiKey realm="identity"',
    'cache-control': 'no-store',
    'content-type': expect.stringMatching(/^application\/json/),
  });
}
