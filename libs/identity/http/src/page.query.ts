import { Optional } from '@feather-identity/shared-http';
import { applyDecorators } from '@nestjs/common';
import { IsInt, IsString, Max, Min } from 'class-validator';
import { EXAMPLE } from './openapi-examples.js';
import { nullableString } from './openapi-types.js';
import { Invalid } from './protected-operation.decorator.js';
import { QueryParameter } from './query-parameter.decorator.js';

/** Items of a page where no `limit` is given. */
export const DEFAULT_LIMIT = 50;
/** The most items of a page. */
export const MAX_LIMIT = 200;

/** Which part of a list is wanted. */
export class PageQuery {
  @Optional()
  @IsInt()
  @Min(1)
  @Max(MAX_LIMIT)
  readonly limit: number = DEFAULT_LIMIT;

  @Optional()
  @IsString()
  readonly cursor?: string;
}

/** Documents the refusal of a `limit` that is too large. */
export function InvalidLimit(maximum = MAX_LIMIT): MethodDecorator {
  return Invalid({
    type: 'less_than_equal',
    loc: ['query', 'limit'],
    msg: `Input should be less than or equal to ${maximum}`,
    input: '5000',
    ctx: { le: maximum },
  });
}

/** Documents `PageQuery`. */
export function PageParameters(maximum = MAX_LIMIT): MethodDecorator {
  const limit = { minimum: 1, maximum, title: 'Limit', default: DEFAULT_LIMIT, type: 'integer', examples: [20] };
  return applyDecorators(
    QueryParameter('limit', limit, 'The most items of a page.'),
    QueryParameter(
      'cursor',
      { title: 'Cursor', type: 'string', examples: [EXAMPLE.cursor] },
      'Where the page begins: `next_cursor` of the previous page.',
    ),
  );
}

/** What the pages of all lists say, beside their items. */
export const hasMoreProperty = {
  type: 'boolean',
  title: 'Has More',
  description: 'Whether there is a next page.',
  examples: [true],
} as const;

export const nextCursorProperty = {
  ...nullableString,
  title: 'Next Cursor',
  description: 'The `cursor` of the next page. Null: this is the last one.',
  examples: [EXAMPLE.cursor],
};
