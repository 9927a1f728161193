import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { ApiKeyAuthentication } from './api-key-authentication.js';
import { callerOf } from './caller-of-request.js';
import { PUBLIC_ROUTE } from './public.decorator.js';

/** Lets a request through when it has a caller or the handler is `@Public()`; authenticates it where no hook did. */
@Injectable()
export class ApiKeyGuard implements CanActivate {
  constructor(
    private readonly reflector: Reflector,
    private readonly authentication: ApiKeyAuthentication,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    if (this.reflector.get<boolean | undefined>(PUBLIC_ROUTE, context.getHandler()) === true) return true;
    const request = context.switchToHttp().getRequest<Parameters<ApiKeyAuthentication['authenticate']>[0]>();
    if (callerOf(request) === undefined) await this.authentication.authenticate(request);
    return true;
  }
}
