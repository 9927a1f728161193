import { hash } from 'node:crypto';
import { UnauthorizedException } from '@nestjs/common';
import { tokenAt } from '../keys.mjs';
import { startMinimalApp } from './minimal-app.mjs';

/** An `onRequest` hook that looks the SHA-256 of the key up in a Map. */
export async function start() {
  const key = tokenAt(0);
  const users = new Map([[hash('sha256', key), { id: 1 }]]);
  const authenticate = async (request) => {
    const header = request.headers['x-api-key'];
    const user = typeof header === 'string' ? users.get(hash('sha256', header)) : undefined;
    if (user === undefined) throw new UnauthorizedException();
    request.user = user;
  };
  const prepare = (app) => app.getHttpAdapter().getInstance().addHook('onRequest', authenticate);
  return { ...(await startMinimalApp({ prepare })), key };
}
