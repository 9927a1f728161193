import {
  type ArgumentsHost,
  Body,
  Controller,
  ForbiddenException,
  Get,
  HttpCode,
  type MiddlewareConsumer,
  Module,
  NotFoundException,
  Post,
  Res,
} from '@nestjs/common';
import { APP_FILTER } from '@nestjs/core';
import type { FastifyReply } from 'fastify';
import { Readable } from 'node:stream';
import { type Observable, throwError } from 'rxjs';
import { ApiError, ApiErrorFilter } from '../src/index.js';
import { RawBody } from '../src/server/index.js';

/** What no response and no log may show. */
export const SECRET = 'fth_live_secret';

class TeapotError extends Error {}

class TeapotFilter extends ApiErrorFilter {
  override catch(exception: unknown, host: ArgumentsHost): void {
    const isTeapot = exception instanceof TeapotError;
    super.catch(isTeapot ? new ApiError({ status: 418, error: 'teapot', message: 'No coffee.' }) : exception, host);
  }
}

@Controller()
class FailingController {
  @Get('error')
  error(): void {
    throw Object.assign(new Error('disk full'), { headers: { 'x-api-key': SECRET }, parameters: [SECRET] });
  }

  @Get('string')
  string(): Observable<never> {
    return throwError(() => SECRET);
  }

  @Get('sdk')
  sdk(): void {
    throw Object.assign(new Error('no such bucket'), { statusCode: 404, code: 'NoSuchBucket' });
  }

  @Get('teapot')
  teapot(): void {
    throw new TeapotError();
  }

  @Get('missing')
  missing(): void {
    throw new NotFoundException(`Cannot find ${SECRET}`);
  }

  @Get('forbidden')
  forbidden(): void {
    throw new ForbiddenException({ secret: SECRET });
  }

  @Get('busy')
  busy(): void {
    const refused = Object.assign(new Error('connection refused'), { parameters: [SECRET] });
    const cause = new Error('storage is away', { cause: refused });
    throw new ApiError({ status: 503, error: 'service_unavailable', message: 'Soon.', retryAfter: 2, cause });
  }

  @Get('stream')
  stream(@Res() reply: FastifyReply): void {
    const source = new Readable({ read: () => undefined });
    source.push('half');
    setTimeout(() => source.destroy(new Error('torn')), 50);
    void reply.send(source);
  }

  @Get('middleware')
  middleware(): void {
    return;
  }

  @Post('raw')
  @HttpCode(200)
  raw(@Body() body: RawBody): string {
    return `${body.contentType ?? 'none'} ${body.bytes.toString('hex')}`;
  }
}

/** Fails in every way a route can, and translates one error of its own. */
@Module({ controllers: [FailingController], providers: [{ provide: APP_FILTER, useClass: TeapotFilter }] })
export class FailingModule {
  configure(consumer: MiddlewareConsumer): void {
    const fail = (): never => {
      throw new Error(`middleware ${SECRET.length}`);
    };
    consumer.apply(fail).forRoutes('middleware');
  }
}
