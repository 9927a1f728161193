import { IdentityError } from '@feather-identity/core';
import { ApiErrorFilter } from '@feather-identity/shared-http';
import { type ArgumentsHost, Catch } from '@nestjs/common';
import { challengeOf } from '../authentication/caller-of-request.js';
import { toApiError } from './identity-error.mapper.js';
import { refuseField } from './refuse-call.js';

/**
 * Answers refusals of `ApiKeys` and `Organizations` in the application's own controllers and resolvers with the status,
 * body and headers of the identity API, on Fastify and Express. It catches only `IdentityError`, so it works beside the
 * application's own filters.
 *
 * @example
 * ```ts
 * providers: [{ provide: APP_FILTER, useClass: IdentityErrorFilter }]
 * ```
 */
@Catch(IdentityError)
export class IdentityErrorFilter extends ApiErrorFilter {
  override catch(error: IdentityError, host: ArgumentsHost): unknown {
    const transport = host.getType<string>();
    // GraphQL answers with what a filter returns; other transports have answers of their own.
    if (transport === 'graphql') return refuseField(error);
    if (transport !== 'http') throw error;
    super.catch(toApiError(error, challengeOf(host.switchToHttp().getRequest<object>())), host);
    return undefined;
  }
}
