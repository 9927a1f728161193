import {
  type CanActivate,
  createParamDecorator,
  type ExecutionContext,
  Injectable,
  UnauthorizedException,
} from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { Repository } from 'typeorm';
import { Sessions } from './sessions.js';
import { User } from './user.js';

interface SessionRequest {
  readonly headers: { readonly authorization?: string };
  user?: User;
}

/** Lets requests pass that carry the JWT of a user who is still there. */
@Injectable()
export class SessionGuard implements CanActivate {
  constructor(
    private readonly sessions: Sessions,
    @InjectRepository(User) private readonly users: Repository<User>,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const request = context.switchToHttp().getRequest<SessionRequest>();
    const [, token = ''] = /^Bearer (.+)$/i.exec(request.headers.authorization ?? '') ?? [];
    const id = await this.sessions.userId(token);
    const user = id === null ? null : await this.users.findOneBy({ id });
    if (user === null) throw new UnauthorizedException('Sign in first.');
    request.user = user;
    return true;
  }
}

/** The user who is signed in. */
export const CurrentUser = createParamDecorator(
  (_data: unknown, context: ExecutionContext) => context.switchToHttp().getRequest<SessionRequest>().user,
);
