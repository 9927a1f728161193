import type { Caller } from '@feather-identity/core';
import { Controller, Get } from '@nestjs/common';
import { CurrentCaller } from '../authentication/current-caller.decorator.js';
import { Public, RequireScopes } from '../authentication/route-access.js';

/** One route of each kind, for whoever shows that a guard keeps its promises. */
@Controller('orders')
export class GuardedOrdersController {
  @RequireScopes('orders:read')
  @Get()
  list(): string[] {
    return ['order-1'];
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
        expires_at: apiKey.expiresAt?.toISOString() ?? null,
      },
    };
  }

  @Public()
  @Get('public')
  public(): string[] {
    return ['for everyone'];
  }

  @Get('undeclared')
  undeclared(): string[] {
    return ['never'];
  }
}
