import { MayBeOmitted } from '@feather-identity/shared-http';
import { IsArray, IsString } from 'class-validator';
import { QueryParameter } from '../query-parameter.decorator.js';

/** Which scopes a gateway demands of a key. */
export class AuthorizeQuery {
  @MayBeOmitted()
  @IsArray()
  @IsString({ each: true })
  readonly scope: readonly string[] = [];
}

/** Documents `AuthorizeQuery`. */
export function AuthorizeParameters(): MethodDecorator {
  return QueryParameter(
    'scope',
    { title: 'Scope', type: 'array', items: { type: 'string' } },
    'A scope that the key must hold, `resource:action`; repeat it for several.',
  );
}
