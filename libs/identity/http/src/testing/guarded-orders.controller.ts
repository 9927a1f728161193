import type { Caller } from '@feather-identity/core';
import { Body, Controller, Get, Post } from '@nestjs/common';
import { CurrentCaller } from '../authentication/current-caller.decorator.js';
import { Public, RequireScopes } from '../authentication/route-access.js';
import { Order, SoldOutError } from './order.js';

/** One route of each kind, for whoever shows that a guard keeps its promises. */
@Controller('orders')
export class GuardedOrdersController {
  @RequireScopes('orders:read')
  @Get()
  list(): string[] {
    return ['order-1'];
  }

  @RequireScopes('orders:write')
  @Post()
  add(@Body() order: Order): object {
    return { item: order.item, is_order: order instanceof Order };
  }

  @RequireScopes('orders:read', 'orders:write')
  @Get('change')
  change(): string[] {
    return ['changed'];
  }

  @RequireScopes()
  @Get('caller')
  caller(@CurrentCaller() { organization, member, apiKey }: Caller): object {
    return {
      user_id: member.id,
      clerk_user_id: member.externalId,
      email: member.email,
      display_name: member.displayName,
      role: member.role,
      organization_id: [organization.id, member.organizationId, apiKey.organizationId],
      organization_name: organization.name,
      api_key: {
        id: apiKey.id,
        member_id: apiKey.memberId,
        name: apiKey.name,
        key_prefix: apiKey.keyPrefix,
        scopes: apiKey.grant.scopes,
        unrestricted: apiKey.grant.unrestricted,
        may_write: apiKey.grant.covers('orders:write'),
        expires_at: apiKey.expiresAt?.toISOString() ?? null,
      },
    };
  }

  /** A handler that is careless with what it was given. */
  @RequireScopes()
  @Get('careless')
  careless(@CurrentCaller() { apiKey }: Caller): string[] {
    apiKey.expiresAt?.setFullYear(2099);
    return ['changed the date'];
  }

  @Public()
  @Get('public')
  public(): string[] {
    return ['for everyone'];
  }

  @Public()
  @Get('public-caller')
  publicCaller(@CurrentCaller() { organization }: Caller): string[] {
    return [organization.name];
  }

  @Public()
  @Get('sold-out')
  soldOut(): never {
    throw new SoldOutError('The shop says so.');
  }

  @Get('undeclared')
  undeclared(): string[] {
    return ['never'];
  }
}
