import { ApiKeyAuthentication, ApiKeyGuard, type GuardedRequest } from '@feather-identity/http/guard';
import { type CanActivate, type ExecutionContext, Injectable, UnauthorizedException } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { jwtVerify } from 'jose';

/** A user who is signed in. */
export interface User {
  readonly name: string;
}

/** Signs and checks the JWTs of this example. Yours come from your identity provider. */
export const JWT_SECRET = new TextEncoder().encode(process.env['JWT_SECRET']);

/** Admits the JWT of a user. */
@Injectable()
export class JwtGuard implements CanActivate {
  async canActivate(context: ExecutionContext): Promise<boolean> {
    const request = context.switchToHttp().getRequest<{ headers: { authorization?: string }; user?: User }>();
    const [, token = ''] = /^Bearer (.+)$/i.exec(request.headers.authorization ?? '') ?? [];
    try {
      const { payload } = await jwtVerify(token, JWT_SECRET, { algorithms: ['HS256'] });
      request.user = { name: String(payload.sub) };
      return true;
    } catch {
      throw new UnauthorizedException('Sign in first.');
    }
  }
}

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
    if (request.headers.authorization === undefined || this.keys.hasKey(request)) return super.canActivate(context);
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
