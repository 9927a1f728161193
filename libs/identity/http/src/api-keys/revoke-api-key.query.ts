import { IgnoreExtra, Optional } from '@feather-identity/shared-http';
import { IsBoolean } from 'class-validator';
import { QueryParameter } from '../query-parameter.decorator.js';

/** What is revoked together with a key. Other parameters are ignored, as by the Feather API. */
@IgnoreExtra()
export class RevokeApiKeyQuery {
  @Optional()
  @IsBoolean()
  readonly cascade?: boolean;
}

/** Documents `RevokeApiKeyQuery`. */
export function RevokeApiKeyParameters(): MethodDecorator {
  return QueryParameter(
    'cascade',
    { title: 'Cascade', default: false, type: 'boolean', examples: [true] },
    'Whether to revoke everything that the key has made too, and what that has made, however deep. Then a key that is ' +
      "revoked already is no 404: what it has made ends all the same. Without it the organization's policy decides.",
  );
}
