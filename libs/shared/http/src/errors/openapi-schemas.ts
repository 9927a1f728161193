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
  @ApiProperty({
    type: 'string',
    title: 'Error',
    description: 'The machine-readable name of the error.',
    examples: ['not_found'],
  })
  error!: string;

  /** What happened, for people. */
  @ApiProperty({
    type: 'string',
    title: 'Message',
    description: 'What happened, for people. The wording may change.',
    examples: ['No such API key.'],
  })
  message!: string;

  /** Whether the same request may succeed later. */
  @ApiProperty({
    required: false,
    title: 'Retryable',
    description: 'True if the same request may succeed later; otherwise absent.',
    examples: [true],
    anyOf: [{ type: 'boolean' }, { type: 'null' }],
  })
  retryable?: boolean | null;

  /** Seconds to wait before that. */
  @ApiProperty({
    required: false,
    title: 'Retry After',
    description: 'Seconds to wait before that, as in the `Retry-After` header.',
    examples: [1],
    anyOf: [{ type: 'integer' }, { type: 'null' }],
  })
  retry_after?: number | null;
}

// Given whole, because @ApiProperty cannot say "any value" (`input`) without adding keywords.
const VALIDATION_ERROR = {
  name: 'ValidationError',
  title: 'ValidationError',
  description: 'One issue of a request, as FastAPI and Pydantic v2 write it.',
  properties: {
    loc: {
      items: { anyOf: [{ type: 'string' }, { type: 'integer' }] },
      type: 'array',
      title: 'Location',
      description: 'Where the input is: `body`, `path` or `query`, then names of fields and indexes of items.',
      examples: [['body', 'scopes', 0]],
    },
    msg: {
      type: 'string',
      title: 'Message',
      description: 'What is wrong, for people.',
      examples: ['Input should be a valid string'],
    },
    type: {
      type: 'string',
      title: 'Error Type',
      description: 'The machine-readable name of the issue.',
      examples: ['string_type'],
    },
    input: { title: 'Input', description: 'What was sent, unless it may be a secret.', examples: [7] },
    ctx: {
      type: 'object',
      additionalProperties: true,
      title: 'Context',
      description: 'The values that the message was made from.',
      examples: [{ min_length: 1 }],
    },
  },
};
const HTTP_VALIDATION_ERROR = {
  name: 'HTTPValidationError',
  title: 'HTTPValidationError',
  description: 'The answer to a request that breaks its schema.',
};

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
  @ApiProperty({
    required: false,
    type: () => ValidationError,
    isArray: true,
    title: 'Detail',
    description: 'Every issue that was found.',
  })
  detail?: ValidationError[];
}
