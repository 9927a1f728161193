import { type Caller, CurrentCaller, Public, RequireScopes } from '@feather-identity/http';
import { Body, Controller, Delete, Get, HttpCode, NotFoundException, Param, ParseUUIDPipe, Post } from '@nestjs/common';
import { type OrderResponse, toResponse } from './order.response.js';
import { Orders } from './orders.js';
import { PlaceOrderRequest } from './place-order.request.js';
import { PRICES } from './prices.js';

/** The orders of the caller's organization. */
@Controller('orders')
export class OrdersController {
  constructor(private readonly orders: Orders) {}

  @Public()
  @Get('prices')
  prices(): typeof PRICES {
    return PRICES;
  }

  @RequireScopes('orders:read')
  @Get()
  async list(@CurrentCaller() { organization }: Caller): Promise<OrderResponse[]> {
    return (await this.orders.list(organization.id)).map(toResponse);
  }

  @RequireScopes('orders:write')
  @Post()
  async place(@CurrentCaller() caller: Caller, @Body() { item, quantity }: PlaceOrderRequest): Promise<OrderResponse> {
    return toResponse(await this.orders.place(caller, item, quantity));
  }

  @RequireScopes('orders:read')
  @Get(':id')
  async find(
    @CurrentCaller() { organization }: Caller,
    @Param('id', ParseUUIDPipe) id: string,
  ): Promise<OrderResponse> {
    const order = await this.orders.find(organization.id, id);
    if (order === null) throw new NotFoundException('No such order.');
    return toResponse(order);
  }

  @RequireScopes('orders:write')
  @Delete(':id')
  @HttpCode(204)
  async cancel(@CurrentCaller() { organization }: Caller, @Param('id', ParseUUIDPipe) id: string): Promise<void> {
    if (!(await this.orders.cancel(organization.id, id))) throw new NotFoundException('No such order.');
  }
}
