import { UnauthorizedException } from '@nestjs/common';
import { openBetterAuth } from '../better-auth.mjs';
import { startMinimalApp } from './minimal-app.mjs';

/** better-auth's own verification in a guard. Besides its read it writes twice a request. */
export async function start(spec) {
  const betterAuth = await openBetterAuth(spec);
  const key = await betterAuth.createKey();
  const guard = {
    async canActivate(context) {
      const header = context.switchToHttp().getRequest().headers['x-api-key'];
      if (typeof header !== 'string' || !(await betterAuth.verifyKey(header))) throw new UnauthorizedException();
      return true;
    },
  };
  const app = await startMinimalApp({ guard });
  return { port: app.port, key, close: () => app.close().then(betterAuth.close) };
}
