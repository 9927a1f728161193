import { applyDecorators, SetMetadata } from '@nestjs/common';
import { RouteConfig } from '@nestjs/platform-fastify';

/** Where a route says that it is public: in Nest's metadata for the guard, in Fastify's config for the hook. */
export const PUBLIC_ROUTE = 'featherIdentityPublic';

/** Options that open a route which is registered with Fastify directly, outside of Nest. */
export const publicRoute = { config: { [PUBLIC_ROUTE]: true } };

/** Opens a route handler to requests without a key. Without it every route answers 401 to them. */
export function Public(): MethodDecorator {
  return applyDecorators(SetMetadata(PUBLIC_ROUTE, true), RouteConfig(publicRoute.config));
}
