import { ApiQuery } from '@nestjs/swagger';

type Schema = NonNullable<Extract<Parameters<typeof ApiQuery>[0], { schema?: unknown }>['schema']>;

/** Documents a query parameter that may be left out. The schema has the examples: pages would fill in the parameter's own. */
export function QueryParameter(name: string, schema: object, description: string): MethodDecorator {
  return ApiQuery({ name, required: false, schema: schema as Schema, description });
}
