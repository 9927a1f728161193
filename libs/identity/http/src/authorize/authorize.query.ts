import { Optional } from '@feather-identity/shared-http';
import { IsArray, IsString } from 'class-validator';
import { QueryParameter } from '../query-parameter.decorator.js';

/** Which scopes a gateway demands of a key. Some clients write `[]` behind the name of a list, axios for one. */
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

/** All that is demanded, whatever it is called: each parameter may name several scopes with commas between. */
export function demandedScopes({ scope, 'scope[]': bracketed, scopes }: AuthorizeQuery): readonly string[] {
  return [...scope, ...bracketed, ...scopes].flatMap((written) => written.split(','));
}

/** Documents `AuthorizeQuery`. */
export function AuthorizeParameters(): MethodDecorator {
  return QueryParameter(
    'scope',
    { title: 'Scope', type: 'array', items: { type: 'string' } },
    'A scope that the key must hold, `resource:action`; for several repeat it, or put commas between. `scope[]` and ' +
      '`scopes` are the same.',
  );
}
