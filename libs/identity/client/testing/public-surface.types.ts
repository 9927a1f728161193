// Never run: `npm run typecheck` fails where the public surface accepts, refuses or gives something else than here.
import { expectTypeOf } from 'expect-type';
import { createIdentityClient, type IdentityApiError, type IdentityClient } from '../src/index.js';

// @ts-expect-error every request goes with a key
createIdentityClient({ baseUrl: 'http://localhost:8000' });

export async function results(client: IdentityClient): Promise<void> {
  const { data, error } = await client.POST('/v1/identity/api-keys', { body: { name: 'CI', scopes: ['orders:read'] } });
  expectTypeOf(error).toExtend<IdentityApiError | undefined>();
  expectTypeOf<IdentityApiError | undefined>().toExtend<typeof error>();
  if (error === undefined) expectTypeOf(data.plain_text_key).toEqualTypeOf<string>();
  else expectTypeOf(data).toEqualTypeOf<undefined>();

  const whoami = await client.GET('/v1/identity/whoami');
  expectTypeOf(whoami.data).extract<object>().toHaveProperty('organization_id').toEqualTypeOf<string>();
}

export async function mistakes(client: IdentityClient): Promise<void> {
  // @ts-expect-error no such route
  await client.GET('/v1/identity/who');
  // @ts-expect-error a route has its methods
  await client.DELETE('/v1/identity/whoami');
  // @ts-expect-error a key has a name
  await client.POST('/v1/identity/api-keys', { body: { scopes: [] } });
  // @ts-expect-error nobody knows which key
  await client.GET('/v1/identity/api-keys/{key_id}');
}

export function reasonOf(error: IdentityApiError): string | number {
  expectTypeOf(error).not.toHaveProperty('retry_after');
  switch (error.error) {
    case 'validation':
      expectTypeOf(error.detail).items.toHaveProperty('msg').toEqualTypeOf<string>();
      return error.detail.length;
    case 'rate_limited':
    case 'service_unavailable':
      return error.retry_after;
    case 'unexpected':
      return error.status;
    case 'address_not_allowed':
    case 'authentication_required':
    case 'bad_request':
    case 'caller_changed':
    case 'conflict':
    case 'internal_error':
    case 'not_found':
    case 'payload_too_large':
    case 'permission_denied':
      return error.message;
    default:
      expectTypeOf(error).toEqualTypeOf<never>();
      return error;
  }
}
