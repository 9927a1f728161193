import type { ServerResponse } from 'node:http';
import { Controller, Get, Injectable, type NestMiddleware } from '@nestjs/common';
import { ApiKeyAuthentication } from '../authentication/api-key-authentication.js';
import { getCaller } from '../authentication/caller-of-request.js';
import { Public, RequireScopes } from '../authentication/route-access.js';

type AdmittedRequest = Parameters<ApiKeyAuthentication['admit']>[0];

/** Says whose request it is before any guard does, as applications with a database for each tenant do. */
@Injectable()
export class TenantMiddleware implements NestMiddleware {
  constructor(private readonly authentication: ApiKeyAuthentication) {}

  async use(request: AdmittedRequest, response: ServerResponse, next: () => void): Promise<void> {
    await this.authentication.admit(request, response, []);
    response.setHeader('x-tenant', getCaller(request)?.organization.name ?? '');
    next();
  }
}

/** Routes behind `TenantMiddleware`. */
@Controller('tenant')
export class GuardedTenantsController {
  @RequireScopes('tenants:read')
  @Get()
  read(): string[] {
    return ['tenant'];
  }

  @Public()
  @Get('public')
  public(): string[] {
    return ['for every key'];
  }

  @Get('undeclared')
  undeclared(): string[] {
    return ['never'];
  }
}
