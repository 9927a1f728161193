import { ApiProperty, ApiSchema } from '@nestjs/swagger';

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
