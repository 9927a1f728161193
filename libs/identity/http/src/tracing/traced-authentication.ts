import { OUTCOME, type Tracing } from '@feather-identity/client/tracing';
import type { Caller } from '@feather-identity/core';
import type { GuardedRequest } from '../authentication/guarded-request.js';
import { refusalOf } from './refusal-of.js';

/**
 * Authenticates a request inside of a span. It is a part of the active span, or of the trace that the headers tell of where
 * nobody has read them.
 */
export function traceAuthentication(
  tracing: Tracing,
  { headers }: GuardedRequest,
  authenticate: () => Promise<Caller>,
): Promise<Caller> {
  const start = { parent: tracing.contextOf(headers), refusalOf };
  return tracing.run('ApiKeyAuthentication.authenticate', start, async (span) => {
    const caller = await authenticate();
    span.setAttributes({
      [OUTCOME]: 'accepted',
      'feather.organization.id': caller.organization.id,
      'feather.api_key.id': caller.apiKey.id,
    });
    return caller;
  });
}
