import { isExtraIgnored } from '@feather-identity/shared-http';
import { ApiSchema } from '@nestjs/swagger';

/** Gives a schema of the OpenAPI document its name and, unless it has another one, the same title, as FastAPI does. */
export function ApiTitledSchema(name: string, description: string, title = name): ClassDecorator {
  // @nestjs/swagger writes a title into the document, but its types do not list one.
  const schema = { name, title, description };
  return ApiSchema(schema);
}

/** The same for a request body, which says whether it takes fields beyond its own; above `@IgnoreExtra()`. */
export function ApiRequestSchema(name: string, description: string): ClassDecorator {
  return (dto) => {
    const schema = { name, title: name, description, ...(isExtraIgnored(dto) ? {} : { additionalProperties: false }) };
    ApiSchema(schema)(dto);
  };
}
