import { existsSync, readFileSync } from 'node:fs';
import { API_KEY_SECURITY, OPERATOR_KEY_SECURITY } from '@feather-identity/http';
import { ErrorResponse } from '@feather-identity/shared-http';
import type { INestApplication } from '@nestjs/common';
import { DocumentBuilder, getSchemaPath, type OpenAPIObject, SwaggerModule } from '@nestjs/swagger';

type OperationObject = NonNullable<OpenAPIObject['paths'][string]['get']>;
type Headers = NonNullable<ResponseObject['headers']>;
type HeaderObject = Exclude<Headers[string], { $ref: string }>;
type ResponseObject = Exclude<NonNullable<OperationObject['responses'][string]>, { $ref: string }>;

const DESCRIPTION = `Issue, verify and revoke API keys. \`createApiKey\`, \`listApiKeys\`, \`revokeApiKey\`,
\`whoAmI\` and \`listMembers\` are wire-compatible with the Feather API 1.90.0; all others are additions.

**Authentication.** Send a key in the header \`x-api-key\`. The service prints the first key at its first start.

**Scopes.** A scope is \`resource:action\`, in letters, digits, \`_\`, \`.\` and \`-\`. A key may also hold \`resource:*\` (every
action) or \`*\` (everything). Each operation says which scopes it requires, in its text and in \`x-required-scopes\`.

**Errors.** The body of an error is an \`ErrorResponse\`; that of a 422 is an \`HTTPValidationError\`. Each status has one
\`error\`: 400 \`bad_request\`, 401 \`authentication_required\`, 403 \`permission_denied\`, 404 \`not_found\`,
405 \`method_not_allowed\`, 409 \`conflict\`, 413 \`payload_too_large\`, 429 \`rate_limited\`, 500 \`internal_error\`,
503 \`service_unavailable\`. Two have another one: 403 \`address_not_allowed\`, for a key that is bound to networks, and
409 \`caller_changed\`, where the calling key was changed while its request was under way. Before a request reaches any operation, the server may also answer 408 \`request_timeout\`,
417 \`expectation_failed\` and 431 \`request_header_fields_too_large\`.`;

const TAGS = [
  ['identity', 'The keys of an organization, and who the caller is.'],
  ['verification', 'Keys that clients have shown to other services and gateways.'],
  ['policy', 'What an organization demands of its keys.'],
  ['audit', 'What happened in an organization.'],
  ['usage', 'How often keys are used.'],
  ['operator', 'All organizations, for their operator. Off until there is an operator key.'],
] as const;

const REQUEST_ID = 'X-Request-Id';

/** Name of the second security scheme. */
const BEARER_SECURITY = 'APIKeyBearer';

/** The OpenAPI 3.1 document of the service, which names its address, `server`, and how it accepts keys. */
export function createOpenApiDocument(app: INestApplication, server = '/', acceptBearer = false): OpenAPIObject {
  const builder = new DocumentBuilder()
    .setOpenAPIVersion('3.1.0')
    .setTitle('Feather Identity')
    .setDescription(DESCRIPTION)
    .setVersion(serviceVersion())
    .setLicense('Apache-2.0', 'https://www.apache.org/licenses/LICENSE-2.0')
    .addServer(server, 'This server')
    .addApiKey(
      { type: 'apiKey', in: 'header', name: 'x-api-key', description: 'An API key of an organization.' },
      API_KEY_SECURITY,
    )
    .addApiKey(
      {
        type: 'apiKey',
        in: 'header',
        name: 'x-api-key',
        description: 'An operator key, as `feather operator key create` prints it.',
      },
      OPERATOR_KEY_SECURITY,
    );
  for (const [name, description] of TAGS) builder.addTag(name, description);
  const document = withCommonAnswers(SwaggerModule.createDocument(app, builder.build()));
  return acceptBearer ? withBearer(document) : document;
}

/** Lets every operation that takes a key take it as a bearer token instead. */
function withBearer(document: OpenAPIObject): OpenAPIObject {
  const operations = Object.values(document.paths).flatMap((item) => Object.values(item) as OperationObject[]);
  for (const { security } of operations) security?.push({ [BEARER_SECURITY]: [] });
  const { securitySchemes } = document.components ?? {};
  const bearer = { type: 'http' as const, scheme: 'bearer', description: 'The same key, in `Authorization: Bearer`.' };
  return {
    ...document,
    components: { ...document.components, securitySchemes: { ...securitySchemes, [BEARER_SECURITY]: bearer } },
  };
}

/** Headers of every answer to a key that has limits. */
const RATE_LIMIT: Readonly<Record<string, HeaderObject>> = {
  RateLimit: {
    description:
      'What is left (`r`) of the limits of the calling key, and the seconds until there is more (`t`): its rate ' +
      'limit (`key`) and its `quota` (draft-ietf-httpapi-ratelimit-headers). Absent if the key has none.',
    schema: { type: 'string', examples: ['"key";r=99;t=60, "quota";r=99120;t=1209600'] },
  },
};

/**
 * Adds what the server does for every operation: an id on each answer, what is left of the limits of a key, and the answers
 * that no handler gives.
 */
function withCommonAnswers(document: OpenAPIObject): OpenAPIObject {
  const refer = (name: string) => [name, { $ref: `#/components/headers/${name}` }];
  const id = Object.fromEntries([refer(REQUEST_ID)]) as Headers;
  const limits = Object.fromEntries(Object.keys(RATE_LIMIT).map(refer)) as Headers;
  const operations = Object.values(document.paths).flatMap((item) => Object.values(item) as OperationObject[]);
  for (const { responses } of operations) {
    for (const [status, response] of Object.entries(responses) as [string, ResponseObject][]) {
      response.headers = { ...(status === '401' ? {} : limits), ...response.headers, ...id };
    }
    responses['405'] = { $ref: '#/components/responses/MethodNotAllowed' };
    responses['500'] = { $ref: '#/components/responses/InternalError' };
  }
  const headers: Record<string, HeaderObject> = {
    ...RATE_LIMIT,
    [REQUEST_ID]: {
      description: 'The id of the request, which the log contains too. Quote it in questions about the request.',
      schema: { type: 'string', examples: ['019ad1c4-8f0c-7a12-8e94-5d2b7c3f9a06'] },
    },
  };
  const responses = {
    MethodNotAllowed: refusal(
      'Method not allowed. `error` is `method_not_allowed`: the path has other methods.',
      { error: 'method_not_allowed', message: 'This resource does not support the method.' },
      {
        ...id,
        Allow: {
          description: 'The methods that the path has (RFC 9110).',
          schema: { type: 'string', examples: ['GET, POST'] },
        },
      },
    ),
    InternalError: refusal(
      'Internal error. `error` is `internal_error`: the service failed, and its log has the reason.',
      { error: 'internal_error', message: 'An unexpected error occurred.' },
      { ...limits, ...id },
    ),
  };
  return { ...document, components: { ...document.components, headers, responses } };
}

function refusal(description: string, example: ErrorResponse, headers: Headers) {
  const schema = { $ref: getSchemaPath(ErrorResponse) };
  return { description, headers, content: { 'application/json': { schema, example } } };
}

/** The version in the nearest package.json above this file, which may be a source, compiled, or part of a bundle. */
function serviceVersion(folder = new URL('./', import.meta.url)): string {
  const manifest = new URL('package.json', folder);
  if (!existsSync(manifest)) return serviceVersion(new URL('../', folder));
  return (JSON.parse(readFileSync(manifest, 'utf8')) as { version: string }).version;
}
