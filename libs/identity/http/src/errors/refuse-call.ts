import { IdentityError } from '@feather-identity/core';
import { ApiError } from '@feather-identity/shared-http/errors';
import { Logger } from '@nestjs/common';
import { toApiError } from './identity-error.mapper.js';

interface ErrorBody {
  readonly error: string;
  readonly message: string;
}

/**
 * What answers a refusal of a GraphQL field: an error whose `extensions` have the contract's `error` as `code`, and the
 * `status` that it is in HTTP. GraphQL shows messages as they are, so anything unknown is logged here, and the answer
 * says nothing about it.
 */
export function refuseField(error: unknown): ApiError {
  const answer = knownOrLogged(error);
  const { error: code, message: _message, ...more } = answer.getResponse() as ErrorBody;
  return Object.assign(answer, { extensions: { code, status: answer.getStatus(), ...more } });
}

/**
 * What answers a refusal of a message that came through a WebSocket: a `WsException` with the contract's body and the
 * `status` that it is in HTTP. Any other error is returned as it is: NestJS logs it and answers "Internal server error".
 */
export async function refuseMessage(error: unknown): Promise<unknown> {
  const answer = error instanceof IdentityError ? toApiError(error) : error;
  if (!(answer instanceof ApiError)) return answer;
  // Where a message came, the application has this package; others need not.
  const { WsException } = await import('@nestjs/websockets');
  return new WsException({ status: answer.getStatus(), ...(answer.getResponse() as ErrorBody) });
}

function knownOrLogged(error: unknown): ApiError {
  if (error instanceof IdentityError) return toApiError(error);
  if (error instanceof ApiError) return error;
  // The stack and nothing else: objects of drivers carry SQL parameters.
  new Logger('ApiKeyGuard').error('Answered 500', error instanceof Error ? error.stack : typeof error);
  return new ApiError({ status: 500, error: 'internal_error', message: 'An unexpected error occurred.' });
}
