import { isIP } from 'node:net';
import type { ShownFrom } from '@feather-identity/core';
import { RequestValidationError } from '@feather-identity/shared-http';
import { ApiHeader } from '@nestjs/swagger';
import { requestIdOf } from '../authentication/guarded-request.js';
import type { ClientRequest } from '../client-request.js';
import type { ApiKeyCheckRequest } from './api-key-check.request.js';

/** By which a service says that it checks the networks of a key itself. */
export const CHECKS_NETWORKS = 'x-checks-networks';

/** Documents that header. */
export function ChecksNetworksHeader(): MethodDecorator {
  return ApiHeader({
    name: CHECKS_NETWORKS,
    description:
      '`true` if you check `allowed_networks` of the key yourself, for instance because you keep the answer for requests ' +
      'from several addresses. Then `address` does not matter.',
    required: false,
    schema: { type: 'string', title: 'X-Checks-Networks', enum: ['true'], examples: ['true'] },
  });
}

/** From where a client has shown the key that a service asks about. Throws 422 for an address that is none. */
export function shownFrom(
  { address }: Pick<ApiKeyCheckRequest, 'address'>,
  request: ClientRequest & { readonly id?: unknown },
  checksNetworks: string | undefined,
): ShownFrom {
  if (address !== null && isIP(address) === 0) {
    const msg = 'value is not a valid IPv4 or IPv6 address';
    // Without what was sent: it may be the key in the wrong field.
    throw new RequestValidationError([{ type: 'ip_any_address', loc: ['body', 'address'], msg }]);
  }
  return { address, isCheckedElsewhere: checksNetworks === 'true', requestId: requestIdOf(request) };
}
