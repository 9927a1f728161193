import { ApiProperty, ApiSchema } from '@nestjs/swagger';

const ERROR_RESPONSE = {
  name: 'ErrorResponse',
  title: 'ErrorResponse',
  description: 'Standard error response returned by all API error handlers.',
};

/** The body of every error except a 422, for OpenAPI documents. */
@ApiSchema(ERROR_RESPONSE)
export class ErrorResponse {
  /** The machine-readable name of the error, like `not_found`. */
  @ApiProperty({ type: 'string', title: 'Error' })
  error!: string;

  /** What happened, for people. */
  @ApiProperty({ type: 'string', title: 'Message' })
  message!: string;

  /** Whether the same request may succeed later. */
  @ApiProperty({ required: false, title: 'Retryable', anyOf: [{ type: 'boolean' }, { type: 'null' }] })
  retryable?: boolean | null;

  /** Seconds to wait before that. */
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

/** One entry of a 422 body, for OpenAPI documents. The schema is FastAPI's. */
@ApiSchema(VALIDATION_ERROR)
export class ValidationError {
  /** Where the input is: `body`, `path` or `query`, then names of fields and indexes of items. */
  @ApiProperty({ type: 'array', items: {} })
  loc!: (string | number)[];

  /** Pydantic's message. */
  @ApiProperty()
  msg!: string;

  /** Pydantic's error type, like `string_too_short`. */
  @ApiProperty()
  type!: string;

  /** What was sent, unless it may be a secret. */
  @ApiProperty({ required: false })
  input?: unknown;

  /** The values that the message was made from. */
  @ApiProperty({ required: false })
  ctx?: object;
}

/** The body of a 422, for OpenAPI documents. The schema is FastAPI's. */
@ApiSchema(HTTP_VALIDATION_ERROR)
export class HTTPValidationError {
  /** Every issue that was found. */
  @ApiProperty({ required: false, type: () => ValidationError, isArray: true, title: 'Detail' })
  detail?: ValidationError[];
}
