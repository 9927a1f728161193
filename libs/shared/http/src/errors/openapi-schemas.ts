import { ApiProperty, ApiSchema } from '@nestjs/swagger';

const ERROR_RESPONSE = {
  name: 'ErrorResponse',
  title: 'ErrorResponse',
  description: 'Standard error response returned by all API error handlers.',
};

/** Body of every error but a 422, for OpenAPI documents. */
@ApiSchema(ERROR_RESPONSE)
export class ErrorResponse {
  @ApiProperty({ type: 'string', title: 'Error' })
  error!: string;

  @ApiProperty({ type: 'string', title: 'Message' })
  message!: string;

  @ApiProperty({ required: false, title: 'Retryable', anyOf: [{ type: 'boolean' }, { type: 'null' }] })
  retryable?: boolean | null;

  @ApiProperty({ required: false, title: 'Retry After', anyOf: [{ type: 'integer' }, { type: 'null' }] })
  retry_after?: number | null;
}

// Given whole, because @ApiProperty cannot say "any value" (`input`) or "any object" (`ctx`) without adding keywords.
const VALIDATION_ERROR = {
  name: 'ValidationError',
  title: 'ValidationError',
  properties: {
    loc: { items: { anyOf: [{ type: 'string' }, { type: 'integer' }] }, type: 'array', title: 'Location' },
    msg: { type: 'string', title: 'Message' },
    type: { type: 'string', title: 'Error Type' },
    input: { title: 'Input' },
    ctx: { type: 'object', title: 'Context' },
  },
};
const HTTP_VALIDATION_ERROR = { name: 'HTTPValidationError', title: 'HTTPValidationError' };

/** One fault of a 422 body, for OpenAPI documents; the schema is FastAPI's. */
@ApiSchema(VALIDATION_ERROR)
export class ValidationError {
  @ApiProperty({ type: 'array', items: {} })
  loc!: (string | number)[];

  @ApiProperty()
  msg!: string;

  @ApiProperty()
  type!: string;

  @ApiProperty({ required: false })
  input?: unknown;

  @ApiProperty({ required: false })
  ctx?: object;
}

/** Body of a 422, for OpenAPI documents; the schema is FastAPI's. */
@ApiSchema(HTTP_VALIDATION_ERROR)
export class HTTPValidationError {
  @ApiProperty({ required: false, type: () => ValidationError, isArray: true, title: 'Detail' })
  detail?: ValidationError[];
}
