import { addressOf, type ClientRequest, networkOf } from '../client-request.js';
import { getCaller } from './caller-of-request.js';

/**
 * A `getTracker` for `@nestjs/throttler`: counts requests by the id of the API key, or by address if there is no
 * caller, as on a public route. Addresses of one IPv6 network (/64) count together. `ApiKeyGuard` must run before
 * `ThrottlerGuard`.
 *
 * @param request - a request of Fastify or Express
 * @example
 * ```ts
 * @Module({
 *   imports: [ThrottlerModule.forRoot({ getTracker: keyTracker, throttlers: [{ ttl: 60_000, limit: 100 }] })],
 *   providers: [
 *     { provide: APP_GUARD, useExisting: ApiKeyGuard },
 *     { provide: APP_GUARD, useClass: ThrottlerGuard },
 *   ],
 * })
 * export class AppModule {}
 * ```
 */
export function keyTracker(request: ClientRequest): string {
  return getCaller(request)?.apiKey.id ?? networkOf(addressOf(request));
}
