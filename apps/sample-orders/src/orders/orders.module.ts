import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { Order } from './order.js';
import { Orders } from './orders.js';
import { OrdersController } from './orders.controller.js';

/** Orders, guarded by whatever guards the application that imports this. */
@Module({
  imports: [TypeOrmModule.forFeature([Order])],
  controllers: [OrdersController],
  providers: [Orders],
})
export class OrdersModule {}
