import type { Caller } from '@feather-identity/core';
import { CurrentCaller, Public, RequireScopes } from '@feather-identity/http/guard';
import { Controller, Get } from '@nestjs/common';

@Controller('orders')
export class OrdersController {
  @RequireScopes('orders:read')
  @Get()
  list(@CurrentCaller() caller: Caller): object {
    return { organization: caller.organization.name, orders: ['order-1'] };
  }

  @Public()
  @Get('prices')
  prices(): object {
    return { prices: [42] };
  }
}
