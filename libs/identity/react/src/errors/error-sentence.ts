import type { components } from '@feather-identity/client';

type ValidationError = components['schemas']['ValidationError'];

/** An answer of the service that is no success, or none at all (`status` 0). */
export class RequestFailed extends Error {
  /**
   * @param status - of the answer; 0 if the service was not reached
   * @param code - `error` of an ErrorResponse
   * @param issues - `detail` of a 422
   * @param retryAfter - seconds
   */
  constructor(
    readonly status: number,
    readonly code: string | null,
    message: string,
    readonly issues: readonly ValidationError[] = [],
    readonly retryAfter: number | null = null,
  ) {
    super(message);
    this.name = 'RequestFailed';
  }
}

/** Reads an answer that is no success: an ErrorResponse, an HTTPValidationError, or the page of a proxy. */
export function readFailure(status: number, body: unknown): RequestFailed {
  const fields = typeof body === 'object' && body !== null ? (body as Record<string, unknown>) : {};
  if (Array.isArray(fields['detail'])) {
    return new RequestFailed(status, 'validation', '', fields['detail'] as ValidationError[]);
  }
  const code = typeof fields['error'] === 'string' ? fields['error'] : null;
  const message = typeof fields['message'] === 'string' ? fields['message'] : '';
  const after = typeof fields['retry_after'] === 'number' ? fields['retry_after'] : null;
  return new RequestFailed(status, code, message, [], after);
}

/** What forms call the fields of the API; of lists also one entry. */
const NAMES: Readonly<Record<string, readonly [string, string?]>> = {
  allowed_networks: ['Allowed addresses', 'Allowed address'],
  expires_at: ['Expiry'],
  labels: ['Labels', 'Label'],
  scopes: ['Scopes', 'Scope'],
};

function nameOf(field: string, index?: number): string {
  const [all, one] = NAMES[field] ?? [capital(field.replaceAll('_', ' '))];
  return index === undefined ? all : `${one ?? all} ${index + 1}`;
}

/** How the message of a 400 about a field begins. */
const ABOUT_FIELD = /^([a-z][a-z_]*)(?:\[(\d+)\])?(?= )/;

/** The message of a 400 in the words of the forms. */
function inWords(message: string): string {
  return message.replace(ABOUT_FIELD, (word, field: string, index?: string) =>
    field in NAMES || field.includes('_') ? nameOf(field, index === undefined ? undefined : Number(index)) : word,
  );
}

/** What an answer says about one field of the body, as a sentence. */
export function issueOf(error: unknown, field: string): string | null {
  if (!(error instanceof RequestFailed)) return null;
  if (error.status === 400 && ABOUT_FIELD.exec(error.message)?.[1] === field) return sentence(inWords(error.message));
  const issue = error.issues.find(({ loc }) => loc[0] === 'body' && loc[1] === field);
  return issue === undefined ? null : sentence(issue.msg);
}

/** What went wrong and what to do about it. */
export function errorSentence(error: unknown): string {
  if (!(error instanceof RequestFailed)) return 'Something went wrong in this page. Load it again.';
  const { status, message, issues, retryAfter } = error;
  if (issues.length > 0) return issues.map(issueSentence).join(' ');
  switch (status) {
    case 0:
      return 'The service cannot be reached. Check that it runs and that you are online, then try again.';
    case 401:
      return 'You are signed out. Sign in again.';
    case 403:
      return `${sentence(message)} Sign in with a key that may do this.`;
    case 404:
      return 'It is not there any more. Somebody may have removed it: load the page again.';
    case 409:
      return `${sentence(message)} Load the page again, and repeat the change if it is still needed.`;
    case 429:
      return `Too many requests. Wait ${retryAfter === null ? 'a moment' : `${retryAfter} s`}, then try again.`;
    case 503:
      return 'The service is too busy or cannot reach its database. Try again in a moment.';
    default:
      return status >= 500
        ? 'The service failed. Try again; if it happens again, look at its log.'
        : sentence(inWords(message)) || `The service answered ${status}. Try again.`;
  }
}

function issueSentence({ loc, msg }: ValidationError): string {
  const [, field, index] = loc;
  if (typeof field !== 'string') return sentence(msg);
  return `${nameOf(field, typeof index === 'number' ? index : undefined)}: ${sentence(msg)}`;
}

function sentence(text: string): string {
  return text === '' || /[.!?]$/.test(text) ? text : `${text}.`;
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
