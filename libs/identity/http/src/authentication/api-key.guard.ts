import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { HeaderResponse } from '../header-response.js';
import { ApiKeyAuthentication } from './api-key-authentication.js';
import { callerOf } from './caller-of-request.js';
import { ROUTE_ACCESS, type RouteAccess } from './route-access.js';

/**
 * Lets a request through to a handler that is `@Public()`, or whose scopes its key holds; authenticates it where no hook
 * did. A handler that declares neither is closed to everyone.
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
    const http = context.switchToHttp();
    const request = http.getRequest<Parameters<ApiKeyAuthentication['admit']>[0]>();
    const response = http.getResponse<HeaderResponse>();
    // The hook has looked at the scopes as well.
    if (callerOf(request) === undefined) await this.authentication.admit(request, response, access);
    return true;
  }
}
