import { IdentityModule } from '@feather-identity/http';
import { Module } from '@nestjs/common';
import { openIdentity } from './identity.js';
import { OrdersController } from './orders.controller.js';

@Module({
  imports: [IdentityModule.forRootAsync({ useFactory: openIdentity })],
  controllers: [OrdersController],
})
export class AppModule {}
