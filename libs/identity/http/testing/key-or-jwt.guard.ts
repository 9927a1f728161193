import { type ExecutionContext, Injectable } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { ApiKeyAuthentication, ApiKeyGuard, type GuardedRequest } from '../src/guard.js';
import { JwtGuard } from './jwt.guard.js';

/** Admits a key or a JWT. If a request has a key, the key alone decides: a wrong one never becomes a user or a guest. */
@Injectable()
export class KeyOrJwtGuard extends ApiKeyGuard {
  constructor(
    reflector: Reflector,
    private readonly keys: ApiKeyAuthentication,
    private readonly jwt: JwtGuard,
  ) {
    super(reflector, keys);
  }

  override async canActivate(context: ExecutionContext): Promise<boolean> {
    const request = context.switchToHttp().getRequest<GuardedRequest>();
    const { authorization } = request.headers;
    if (authorization === undefined || this.keys.hasKey(request)) return super.canActivate(context);
    return this.jwt.canActivate(context);
  }
}
