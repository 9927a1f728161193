import { Module } from '@nestjs/common';
import { AuthGuard, PassportModule, PassportStrategy } from '@nestjs/passport';
import { HeaderAPIKeyStrategy } from 'passport-headerapikey';
import { tokenAt } from '../keys.mjs';
import { startMinimalApp } from './minimal-app.mjs';

/** passport-headerapikey as @nestjs/passport wires it, with the plain keys in a Map: nothing is hashed. */
export async function start() {
  const key = tokenAt(0);
  const users = new Map([[key, { id: 1 }]]);
  class KeyStrategy extends PassportStrategy(HeaderAPIKeyStrategy, 'headerapikey') {
    constructor() {
      super({ header: 'x-api-key', prefix: '' }, false);
    }

    validate(header) {
      return users.get(header) ?? false;
    }
  }
  class KeyModule {}
  Module({ imports: [PassportModule], providers: [KeyStrategy] })(KeyModule);
  return { ...(await startMinimalApp({ imports: [KeyModule], guard: AuthGuard('headerapikey') })), key };
}
