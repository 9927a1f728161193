import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { refuseField, refuseMessage } from '../errors/refuse-call.js';
import type { HeaderResponse } from '../header-response.js';
import { ApiKeyAuthentication } from './api-key-authentication.js';
import { type GuardedRequest, requestOf } from './guarded-request.js';
import { ROUTE_ACCESS, ROUTE_ENVIRONMENT, type RouteAccess } from './route-access.js';

/**
 * Admits a request to a handler that is `@Public()`, or whose scopes the key of the request holds. A handler that declares
 * neither is closed. It guards HTTP, GraphQL and WebSocket messages, and refuses every other transport.
 *
 * @example
 * ```ts
 * providers: [{ provide: APP_GUARD, useExisting: ApiKeyGuard }];
 * ```
 */
@Injectable()
export class ApiKeyGuard implements CanActivate {
  constructor(
    private readonly reflector: Reflector,
    private readonly authentication: ApiKeyAuthentication,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const access = this.reflector.get<RouteAccess | undefined>(ROUTE_ACCESS, context.getHandler());
    if (access === 'public') return true;
    const environment = this.reflector.get<string | undefined>(ROUTE_ENVIRONMENT, context.getHandler());
    const type = context.getType<string>();
    if (type === 'http') {
      const response = context.switchToHttp().getResponse<HeaderResponse>();
      await this.authentication.admit(this.getRequest(context), response, access, environment);
      return true;
    }
    try {
      await this.authentication.admitCall(this.getRequest(context), context, access, environment);
    } catch (error) {
      if (type === 'graphql') throw refuseField(error);
      throw type === 'ws' ? await refuseMessage(error) : error;
    }
    return true;
  }

  /**
   * Finds the request whose headers have the key. Override it if your transport, or the context of your GraphQL operations,
   * keeps the request elsewhere, or to set the client's address (`ip`) behind a proxy.
   *
   * @throws Error if there is none: then the call is refused
   * @example
   * ```ts
   * class OperationGuard extends ApiKeyGuard {
   *   protected override getRequest(context: ExecutionContext) {
   *     return GqlExecutionContext.create(context).getContext<{ http: IncomingMessage }>().http;
   *   }
   * }
   * ```
   */
  protected getRequest(context: ExecutionContext): GuardedRequest {
    return requestOf(context);
  }
}
