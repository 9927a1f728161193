import { describe, expect, it } from '@jest/globals';
import { errorSentence, issueOf, readFailure, RequestFailed } from './error-sentence.js';

const said = (status: number, body: unknown): string => errorSentence(readFailure(status, body));

describe('an error', () => {
  it.each([
    [401, { error: 'authentication_required', message: 'Authentication required' }, 'Sign in again'],
    [
      403,
      { error: 'permission_denied', message: 'Missing scopes: audit:read' },
      'Missing scopes: audit:read. Sign in with a key',
    ],
    [404, { error: 'not_found', message: 'Not found' }, 'load the page again'],
    [409, { error: 'conflict', message: 'The key limit is reached' }, 'The key limit is reached. Load the page again'],
    [429, { error: 'rate_limited', message: 'x', retry_after: 7 }, 'Wait 7 s'],
    [503, { error: 'service_unavailable', message: 'x' }, 'Try again in a moment'],
    [502, '<html>Bad gateway</html>', 'look at its log'],
    [400, { error: 'bad_request', message: 'The end is in the past.' }, 'The end is in the past.'],
    [418, null, 'The service answered 418'],
  ])('%d says what to do', (status, body, part) => {
    expect(said(status, body)).toContain(part);
  });

  it('says that the service is not there', () => {
    expect(errorSentence(new RequestFailed(0, null, ''))).toContain('cannot be reached');
  });

  it('of the page itself says so', () => {
    expect(errorSentence(new TypeError('x is undefined'))).toBe('Something went wrong in this page. Load it again.');
  });

  it('of validation names the fields', () => {
    const issues = [
      { type: 'x', loc: ['body', 'expires_at'], msg: 'Input should be in the future' },
      { type: 'x', loc: ['body', 'labels', 1], msg: 'Not a label.' },
    ];
    const failure = readFailure(422, { detail: issues });
    expect(errorSentence(failure)).toBe('Expiry: Input should be in the future. Label 2: Not a label.');
    expect(issueOf(failure, 'labels')).toBe('Not a label.');
    expect(issueOf(failure, 'name')).toBeNull();
    expect(issueOf(new Error('x'), 'name')).toBeNull();
  });

  it('of a value names its field in the words of the forms', () => {
    const failure = readFailure(400, { error: 'bad_request', message: 'allowed_networks[1] is no IP address.' });
    expect(errorSentence(failure)).toBe('Allowed address 2 is no IP address.');
    expect(issueOf(failure, 'allowed_networks')).toBe('Allowed address 2 is no IP address.');
    expect(issueOf(failure, 'name')).toBeNull();
  });
});
