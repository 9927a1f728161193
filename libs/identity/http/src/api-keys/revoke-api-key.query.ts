import { IgnoreExtra, Optional } from '@feather-identity/shared-http';
import { IsBoolean } from 'class-validator';
import { QueryParameter } from '../query-parameter.decorator.js';

/** Which keys to revoke together with a key. Other parameters are ignored, as by the Feather API. */
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
    'Whether to also revoke all keys that the key has created, and all that those have created, and so on. ' +
      'Also works for a revoked key (204, not 404): its descendants are revoked. Without it the policy of the ' +
      'organization decides.',
  );
}
