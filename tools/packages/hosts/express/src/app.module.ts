import { ApiKeyGuard, IdentityClientModule } from '@feather-identity/http/guard';
import { Module } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { OrdersController } from './orders.controller.js';

@Module({
  imports: [
    IdentityClientModule.forRoot({
      baseUrl: process.env.IDENTITY_URL ?? 'http://localhost:8000',
      apiKey: process.env.IDENTITY_API_KEY ?? '',
    }),
  ],
  controllers: [OrdersController],
  providers: [{ provide: APP_GUARD, useExisting: ApiKeyGuard }],
})
export class AppModule {}
