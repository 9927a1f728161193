import type { Caller } from '@feather-identity/core';
import { All, Body, Controller, Get, HttpException, Post, Query, Req, Res } from '@nestjs/common';
import { ExternalContextCreator } from '@nestjs/core';
import { CurrentCaller } from '../authentication/current-caller.decorator.js';
import { Public, RequireScopes } from '../authentication/route-access.js';
import { Order, SoldOutError } from './order.js';

/** A request whose key a handler may replace, as a proxy does. */
interface PassedOnRequest {
  readonly headers: Record<string, string | undefined>;
}

/** Routes that a controller inherits. */
class OrderArchive {
  @RequireScopes('orders:write')
  @Get('archive')
  archive(): string[] {
    return ['archived'];
  }

  @Get('archive/undeclared')
  undeclaredArchive(): string[] {
    return ['never'];
  }
}

/** One route of each kind, for tests of what a guard promises. */
@Controller('orders')
export class GuardedOrdersController extends OrderArchive {
  constructor(private readonly handlers: ExternalContextCreator) {
    super();
  }

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
        metadata: apiKey.metadata,
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

  @RequireScopes('orders:write')
  @All('any-method')
  anyMethod(): string[] {
    return ['done'];
  }

  /**
   * Has the same request served by several handlers of this class, each behind the guards, as NestJS does where one
   * request reaches more than one. Answers with what each of them answers. The header `x-then-key` replaces the key first.
   */
  @RequireScopes()
  @Get('each')
  async each(
    @Req() request: PassedOnRequest,
    @Res({ passthrough: true }) response: object,
    @Query('of') names: string,
  ): Promise<unknown[]> {
    if (request.headers['x-then-key'] !== undefined) request.headers['x-api-key'] = request.headers['x-then-key'];
    const answers: unknown[] = [];
    for (const name of names.split(',')) answers.push(await this.answerOf(name, request, response));
    return answers;
  }

  private async answerOf(name: string, request: object, response: object): Promise<unknown> {
    const handler = (this as unknown as Record<string, (...args: unknown[]) => unknown>)[name]!;
    const parameters = { exchangeKeyForValue: () => undefined };
    const serve = this.handlers.create(this, handler, name, '__routeArguments__', parameters);
    try {
      return await (serve(request, response) as Promise<unknown>);
    } catch (error) {
      if (error instanceof HttpException) return error.getResponse();
      throw error;
    }
  }

  @Get('undeclared')
  undeclared(): string[] {
    return ['never'];
  }
}
