import { Optional } from '@feather-identity/shared-http';
import { IsArray, IsString } from 'class-validator';
import { requirableScopeLists } from '../openapi-types.js';
import { QueryParameter } from '../query-parameter.decorator.js';

/** The scopes that a gateway requires of a key. Some clients, axios among them, write `[]` after the name of a list. */
export class AuthorizeQuery {
  @Optional()
  @IsArray()
  @IsString({ each: true })
  readonly scope: readonly string[] = [];

  @Optional()
  @IsArray()
  @IsString({ each: true })
  readonly 'scope[]': readonly string[] = [];

  @Optional()
  @IsArray()
  @IsString({ each: true })
  readonly scopes: readonly string[] = [];
}

/** The required scopes of all parameters, each of which may name several, separated by commas. */
export function requiredScopes({ scope, 'scope[]': bracketed, scopes }: AuthorizeQuery): readonly string[] {
  return [...scope, ...bracketed, ...scopes].flatMap((written) => written.split(','));
}

/** Documents `AuthorizeQuery`. */
export function AuthorizeParameters(): MethodDecorator {
  return QueryParameter(
    'scope',
    { ...requirableScopeLists, title: 'Scope' },
    'A scope that the key must hold, `resource:action`; for several repeat it, or put commas between. `scope[]` and ' +
      '`scopes` are the same.',
  );
}
