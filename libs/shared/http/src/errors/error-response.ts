import { ApiProperty, ApiSchema } from '@nestjs/swagger';

const SCHEMA = {
  name: 'ErrorResponse',
  title: 'ErrorResponse',
  description: 'Standard error response returned by all API error handlers.',
};

/** Body of every error but a 422, for OpenAPI documents. */
@ApiSchema(SCHEMA)
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
