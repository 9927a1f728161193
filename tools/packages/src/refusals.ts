import type { Answer } from './answer.js';

/** The contract's answer to a request without a good key. */
export const E401 = {
  error: 'authentication_required',
  message: 'No valid API key was provided. Pass your key in the x-api-key header.',
};

/** The contract's answer to a key that lacks this scope. */
export const lacking = (scope: string): Answer => ({
  status: 403,
  body: { error: 'permission_denied', message: `The API key lacks the scope "${scope}".` },
});
