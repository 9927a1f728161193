import { ApiSchema } from '@nestjs/swagger';

/** Names a schema of the OpenAPI document and titles it alike, as FastAPI does. */
export function ApiTitledSchema(name: string, description?: string): ClassDecorator {
  // @nestjs/swagger writes a title into the document, but its types do not list one.
  const schema = { name, title: name, ...(description === undefined ? {} : { description }) };
  return ApiSchema(schema);
}
