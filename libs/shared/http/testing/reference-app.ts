import { Body, Controller, Delete, Get, HttpCode, Module, Param, Post, Query } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { IsArray, IsDate, IsInt, IsString, IsUUID, Max, MaxLength, Min, MinLength } from 'class-validator';
import type { AddressInfo } from 'node:net';
import { IgnoreExtra, Nullable, Optional } from '../src/index.js';
import { configureHttp, createFastifyAdapter } from '../src/server/index.js';

@IgnoreExtra()
class KeyRequest {
  @IsString()
  @MinLength(1)
  @MaxLength(255)
  name!: string;

  @Optional()
  @IsArray()
  @IsString({ each: true })
  scopes: string[] = [];

  @Optional()
  @Nullable()
  @IsDate()
  expires_at: Date | null = null;
}

class KeyPath {
  @IsUUID()
  key_id!: string;
}

@IgnoreExtra()
class MembersQuery {
  @Optional()
  @IsString()
  role: string | null = null;

  @Optional()
  @IsInt()
  @Min(1)
  @Max(200)
  limit = 50;

  @Optional()
  @IsString()
  cursor: string | null = null;
}

/** The three routes of the reference FastAPI app; each answers what it was given after validation. */
@Controller('v1/identity')
class ReferenceController {
  @Post('api-keys')
  create(@Body() body: KeyRequest): KeyRequest {
    return body;
  }

  @Delete('api-keys/:key_id')
  @HttpCode(200)
  remove(@Param() path: KeyPath): KeyPath {
    return path;
  }

  @Get('org/members')
  list(@Query() query: MembersQuery): MembersQuery {
    return query;
  }
}

@Module({ controllers: [ReferenceController] })
class ReferenceModule {}

/** Boots the reference app on a free port. */
export async function startReferenceApp(): Promise<{ app: NestFastifyApplication; port: number }> {
  const app = await NestFactory.create<NestFastifyApplication>(ReferenceModule, createFastifyAdapter(), {
    bodyParser: false,
    logger: false,
  });
  configureHttp(app);
  await app.listen(0, '127.0.0.1');
  return { app, port: (app.getHttpServer().address() as AddressInfo).port };
}
