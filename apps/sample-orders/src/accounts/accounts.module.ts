import { type DynamicModule, Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import type { Environment } from '../environment.js';
import { AccountsController } from './accounts.controller.js';
import { MyKeysController } from './my-keys.controller.js';
import { Sessions } from './sessions.js';
import { User } from './user.js';

/** The sign-up and the keys of users, unless a service has the keys. */
export function accounts({ sessionKey }: Environment): DynamicModule[] {
  if (sessionKey === null) return [];
  return [
    {
      module: AccountsModule,
      imports: [TypeOrmModule.forFeature([User])],
      controllers: [AccountsController, MyKeysController],
      providers: [{ provide: Sessions, useValue: new Sessions(sessionKey) }],
    },
  ];
}

@Module({})
class AccountsModule {}
