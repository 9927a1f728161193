import {
  applyDecorators,
  type CanActivate,
  type ExecutionContext,
  Injectable,
  UnauthorizedException,
  UseGuards,
} from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { ApiKeyAuthentication, ApiKeyGuard, type GuardedRequest, Public } from '../src/guard.js';
import { JwtGuard } from './jwt.guard.js';

/** Admits a key or a JWT. If a request has a key, the key alone decides: a wrong one never becomes a user. */
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
    try {
      return await this.jwt.canActivate(context);
    } catch (error) {
      // Without a key, this admits the request to public routes only: a user whose session has ended can sign in again.
      return super.canActivate(context).catch(() => {
        throw error;
      });
    }
  }
}

@Injectable()
class UserGuard implements CanActivate {
  canActivate(context: ExecutionContext): boolean {
    const { user } = context.switchToHttp().getRequest<{ user?: object }>();
    if (user === undefined) throw new UnauthorizedException('Sign in first.');
    return true;
  }
}

/** Opens a handler, or all handlers of a class, to users and to no key. */
export const UsersOnly = () => applyDecorators(Public(), UseGuards(UserGuard));
