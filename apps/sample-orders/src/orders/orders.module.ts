import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { Order } from './order.js';
import { Orders } from './orders.js';
import { OrdersController } from './orders.controller.js';

/** The routes of orders. The application that imports this module guards them. */
@Module({
  imports: [TypeOrmModule.forFeature([Order])],
  controllers: [OrdersController],
  providers: [Orders],
})
export class OrdersModule {}
