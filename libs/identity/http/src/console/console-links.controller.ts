import { ApiKeyVerifier, type Caller, CreateConsoleLink, isStored } from '@feather-identity/core';
import { RequestPipe } from '@feather-identity/shared-http';
import { ApiError } from '@feather-identity/shared-http/errors';
import { Body, Inject, Post, Req } from '@nestjs/common';
import { ApiBody, ApiProperty, ApiResponse } from '@nestjs/swagger';
import { CurrentCaller } from '../authentication/current-caller.decorator.js';
import { type GuardedRequest, requestIdOf } from '../authentication/guarded-request.js';
import { KeyReader } from '../authentication/key-reader.js';
import { knownAddressOf } from '../client-request.js';
import { IdentityController } from '../identity-controller.decorator.js';
import { MODULE_OPTIONS_TOKEN } from '../identity.module-definition.js';
import type { IdentityModuleOptions } from '../identity.options.js';
import { formatInstant } from '../instant.js';
import { EXAMPLE } from '../openapi-examples.js';
import { Invalid, ProtectedOperation } from '../protected-operation.decorator.js';
import { API_KEYS_MANAGE } from '../scopes.js';
import { ApiTitledSchema } from '../titled-schema.decorator.js';
import { ConsoleAuthentication } from './console-authentication.js';
import { ConsoleLinkRequest } from './console-link.request.js';
import { CONSOLE_PATH } from './console-request.js';

const LINK_EXAMPLE = {
  url: `https://api.example.com/console/sign-in#code=${'A'.repeat(43)}`,
  expires_at: EXAMPLE.expiresAt,
};

/** A link to the console. */
@ApiTitledSchema(
  'ConsoleLinkResponse',
  'A link that opens one session of the console. It is shown once, and is a secret.',
)
class ConsoleLinkResponse {
  @ApiProperty({
    type: 'string',
    format: 'uri',
    title: 'Url',
    description: 'The link. The code comes after `#`, which browsers do not send to servers.',
    examples: [LINK_EXAMPLE.url],
  })
  readonly url!: string;
  @ApiProperty({
    type: 'string',
    format: 'date-time',
    title: 'Expires At',
    description: 'Until when it can be used.',
    examples: [LINK_EXAMPLE.expires_at],
  })
  readonly expires_at!: string;
}

/** Links to the console, for backends that show it to their users. */
@IdentityController('console-links')
export class ConsoleLinksController {
  readonly #keys: KeyReader;

  constructor(
    private readonly createConsoleLink: CreateConsoleLink,
    private readonly console: ConsoleAuthentication,
    verifier: ApiKeyVerifier,
    @Inject(MODULE_OPTIONS_TOKEN) private readonly options: IdentityModuleOptions,
  ) {
    this.#keys = new KeyReader(options, verifier);
  }

  @ProtectedOperation({
    operationId: 'createConsoleLink',
    summary: 'Create a single-use link to the console of the current organization',
    description:
      'The first person to open the link gets a session that acts for the calling key, with the requested scopes. ' +
      'The session ends 8 hours after its last use, 24 hours after it began, or with the key. The service has ' +
      'this operation ' +
      'if it serves the console (`CONSOLE=on`).',
    scopes: [API_KEYS_MANAGE],
    refusals: {
      403: {
        from_session: 'A session of the console makes no links: use an API key.',
        scope_not_held: 'The calling key does not hold the scope "orders:write".',
      },
      409: { no_address: 'The console has no address over HTTPS: set PUBLIC_URL of the service.' },
      413: {},
    },
  })
  @ApiResponse({ status: 201, description: 'Successful Response', type: ConsoleLinkResponse, example: LINK_EXAMPLE })
  @ApiBody({
    type: ConsoleLinkRequest,
    required: false,
    examples: {
      same: { summary: 'With all that the key may do', value: {} },
      fewer: { summary: 'With less, for one minute', value: { scopes: ['api_keys:read'], expires_in: 60 } },
    },
  })
  @Invalid({
    type: 'less_than_equal',
    loc: ['body', 'expires_in'],
    msg: 'Input should be less than or equal to 600',
    input: 601,
    ctx: { le: 600 },
  })
  @Post()
  async create(
    @Req() request: GuardedRequest,
    @CurrentCaller() caller: Caller,
    @Body(new RequestPipe(ConsoleLinkRequest)) { scopes, expires_in: expiresIn }: Readonly<ConsoleLinkRequest>,
  ): Promise<ConsoleLinkResponse> {
    if (!isStored(caller)) throw new Error('The console is served where the keys are stored.');
    const origin = this.console.originOf(request);
    if (!origin?.cookie) {
      const message = 'The console has no address over HTTPS: set PUBLIC_URL of the service.';
      throw new ApiError({ status: 409, error: 'conflict', message });
    }
    const from = { requestId: requestIdOf(request), sourceAddress: knownAddressOf(request) || null };
    const key = this.#keys.read(request);
    const { code, expiresAt } = await this.createConsoleLink.byKey(key, caller, { scopes, expiresIn }, from);
    const base = this.options.publicUrl?.replace(/\/$/, '') ?? origin.text;
    return { url: `${base}${CONSOLE_PATH}/sign-in#code=${code}`, expires_at: formatInstant(expiresAt) };
  }
}
