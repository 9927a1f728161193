import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Controller, Get, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { ApiResponse, DocumentBuilder, SwaggerModule } from '@nestjs/swagger';
import { ErrorResponse, HTTPValidationError } from '../index.js';
import { createFastifyAdapter } from '../server/index.js';

@Controller()
class AnyController {
  @Get()
  @ApiResponse({ status: 400, type: ErrorResponse })
  @ApiResponse({ status: 422, type: HTTPValidationError })
  get(): void {
    return;
  }
}

@Module({ controllers: [AnyController] })
class AnyModule {}

describe('the OpenAPI schemas of the error bodies, but for what only people read', () => {
  let app: NestFastifyApplication;
  let schemas: Record<string, unknown>;

  beforeAll(async () => {
    app = await NestFactory.create<NestFastifyApplication>(AnyModule, createFastifyAdapter(), { logger: false });
    const config = new DocumentBuilder().setOpenAPIVersion('3.1.0').build();
    const described = SwaggerModule.createDocument(app, config).components?.schemas ?? {};
    schemas = JSON.parse(JSON.stringify(described), (name, value: unknown) =>
      ['description', 'examples'].includes(name) ? undefined : value,
    ) as Record<string, unknown>;
  });

  afterAll(() => app.close());

  it('describe ErrorResponse as the contract does, with the optional retry fields', () => {
    expect(schemas['ErrorResponse']).toEqual({
      properties: {
        error: { type: 'string', title: 'Error' },
        message: { type: 'string', title: 'Message' },
        retryable: { anyOf: [{ type: 'boolean' }, { type: 'null' }], title: 'Retryable' },
        retry_after: { anyOf: [{ type: 'integer' }, { type: 'null' }], title: 'Retry After' },
      },
      type: 'object',
      required: ['error', 'message'],
      title: 'ErrorResponse',
    });
  });

  it('describe HTTPValidationError as FastAPI does', () => {
    expect(schemas['HTTPValidationError']).toEqual({
      properties: {
        detail: { items: { $ref: '#/components/schemas/ValidationError' }, type: 'array', title: 'Detail' },
      },
      type: 'object',
      title: 'HTTPValidationError',
    });
  });

  it('describe ValidationError as FastAPI does', () => {
    expect(schemas['ValidationError']).toEqual({
      properties: {
        loc: { items: { anyOf: [{ type: 'string' }, { type: 'integer' }] }, type: 'array', title: 'Location' },
        msg: { type: 'string', title: 'Message' },
        type: { type: 'string', title: 'Error Type' },
        input: { title: 'Input' },
        // FastAPI leaves `additionalProperties` out, and some generators take that for "has no properties".
        ctx: { type: 'object', title: 'Context', additionalProperties: true },
      },
      type: 'object',
      required: ['loc', 'msg', 'type'],
      title: 'ValidationError',
    });
  });
});
