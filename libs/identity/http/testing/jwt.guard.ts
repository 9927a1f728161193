import { createHmac, timingSafeEqual } from 'node:crypto';
import { type CanActivate, type ExecutionContext, Injectable, UnauthorizedException } from '@nestjs/common';

const SECRET = 'the secret of an application';
const HEAD = encoded({ alg: 'HS256', typ: 'JWT' });

interface UserRequest {
  readonly headers: Readonly<Record<string, string | undefined>>;
  user?: { readonly sub: string };
}

/** The guard that an application has for its users: it admits JWTs (HS256) and puts what they say into `request.user`. */
@Injectable()
export class JwtGuard implements CanActivate {
  async canActivate(context: ExecutionContext): Promise<boolean> {
    const request = context.switchToHttp().getRequest<UserRequest>();
    const [, claims, signature] =
      /^bearer [\w-]+\.([\w-]+)\.([\w-]+)$/i.exec(request.headers['authorization'] ?? '') ?? [];
    if (claims === undefined || signature === undefined || !isSigned(claims, signature))
      throw new UnauthorizedException();
    request.user = JSON.parse(Buffer.from(claims, 'base64url').toString()) as { sub: string };
    return true;
  }
}

/** A token of this user. */
export function jwtOf(sub: string): string {
  const claims = encoded({ sub });
  return `${HEAD}.${claims}.${signatureOf(claims).toString('base64url')}`;
}

function isSigned(claims: string, signature: string): boolean {
  const [expected, given] = [signatureOf(claims), Buffer.from(signature, 'base64url')];
  return expected.length === given.length && timingSafeEqual(expected, given);
}

function signatureOf(claims: string): Buffer {
  return createHmac('sha256', SECRET).update(`${HEAD}.${claims}`).digest();
}

function encoded(part: object): string {
  return Buffer.from(JSON.stringify(part)).toString('base64url');
}
