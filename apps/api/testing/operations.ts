import { type Answer, type CreatedKey, send, type Sent } from './requests.js';
import type { Service } from './service.js';

/** An operation of the OpenAPI document that the service serves. */
export interface Operation {
  /** Such as `get /v1/identity/whoami`. */
  readonly name: string;
  readonly method: string;
  readonly path: string;
  /** What the document says that a key must hold. */
  readonly scopes: readonly string[];
  /** The status of success. */
  readonly success: number;
}

type Described = Readonly<Record<string, unknown>>;

const SECURITY = JSON.stringify([{ APIKeyHeader: [] }]);
const OPERATOR_SECURITY = JSON.stringify([{ OperatorKeyHeader: [] }]);

/** A request that each operation accepts, besides the id in its path. A new route fails its tests until it is here. */
const REQUESTS: Readonly<Record<string, (target: CreatedKey) => Pick<Sent, 'body'> & { readonly query?: string }>> = {
  'post /v1/identity/api-keys': () => ({ body: { name: 'Made by the test of an operation' } }),
  'get /v1/identity/api-keys': () => ({ query: '?limit=1&include_revoked=true' }),
  'get /v1/identity/api-keys/{key_id}': () => ({}),
  'patch /v1/identity/api-keys/{key_id}': () => ({ body: { name: 'Renamed', is_active: false } }),
  'delete /v1/identity/api-keys/{key_id}': () => ({}),
  'post /v1/identity/api-keys/{key_id}/rotate': () => ({ body: { grace_period_seconds: 60 } }),
  'post /v1/identity/api-keys/verify': ({ plain_text_key: key }) => ({ body: { key, scopes: ['orders:read'] } }),
  'post /v1/identity/api-keys/bulk': ({ id }) => ({ body: { action: 'disable', ids: [id] } }),
  'post /v1/identity/console-links': () => ({ body: { expires_in: 60 } }),
  'get /v1/identity/scopes': () => ({}),
  'get /v1/identity/whoami': () => ({}),
  'get /v1/identity/authorize': () => ({}),
  'get /v1/identity/policy': () => ({}),
  'patch /v1/identity/policy': () => ({ body: { revoke_unused_after_days: 36_500 } }),
  'get /v1/identity/audit-events': () => ({ query: '?limit=1' }),
  'get /v1/identity/usage': () => ({ query: '?granularity=hour' }),
  'get /v1/identity/audit-events/export': () => ({ query: '?format=csv' }),
  'get /v1/identity/org/members': () => ({ query: '?limit=1' }),
};

/** All operations for keys of organizations that the service describes. Throws for one that does not say who may call it. */
export async function readOperations(service: Pick<Service, 'port'>): Promise<Operation[]> {
  return (await readDescribed(service)).flatMap(([verb, path, described]) =>
    JSON.stringify(described['security']) === OPERATOR_SECURITY ? [] : [toOperation(verb, path, described, SECURITY)],
  );
}

/** The same for operator keys. */
export async function readOperatorOperations(service: Pick<Service, 'port'>): Promise<Operation[]> {
  return (await readDescribed(service)).flatMap(([verb, path, described]) =>
    path.startsWith('/v1/operator') ? [toOperation(verb, path, described, OPERATOR_SECURITY)] : [],
  );
}

async function readDescribed(service: Pick<Service, 'port'>): Promise<(readonly [string, string, Described])[]> {
  const { body } = await send(service, 'GET', '/openapi.json');
  const { paths } = body as { paths: Record<string, Record<string, Described>> };
  return Object.entries(paths).flatMap(([path, item]) =>
    Object.entries(item).map(([verb, described]) => [verb, path, described] as const),
  );
}

function toOperation(verb: string, path: string, described: Described, security: string): Operation {
  const name = `${verb} ${path}`;
  const scopes = described['x-required-scopes'] as readonly string[] | undefined;
  if (!Array.isArray(scopes)) throw new Error(`${name} has no x-required-scopes.`);
  if (JSON.stringify(described['security']) !== security) throw new Error(`${name} does not ask for a key.`);
  const success = Object.keys(described['responses'] as Described).find((status) => status < '300');
  return { name, method: verb.toUpperCase(), path, scopes: scopes as readonly string[], success: Number(success) };
}

/** Calls an operation for a key as it wants to be called, or with something more. Throws for one that nobody told how. */
export function call(
  service: Pick<Service, 'port'>,
  { name, method, path }: Operation,
  key: string | undefined,
  target: CreatedKey,
  extra: { readonly query?: string; readonly body?: object } = {},
): Promise<Answer> {
  const request = REQUESTS[name];
  if (request === undefined) throw new Error(`Nobody said how to call ${name}: it needs an entry in REQUESTS.`);
  const { query = '', body } = request(target);
  const parameters = [query.slice(1), extra.query].filter(Boolean).join('&');
  return send(service, method, `${path.replace('{key_id}', target.id)}?${parameters}`, {
    ...(key === undefined ? {} : { key }),
    ...(body === undefined ? {} : { body: { ...(body as object), ...extra.body } }),
  });
}

/** All routes that the service has, such as `GET /v1/identity/api-keys/:key_id`. */
export function routesOf({ app }: Pick<Service, 'app'>): string[] {
  const parents: string[] = [];
  // Lines such as "│   └── /:key_id (GET, DELETE)": each step to the right, of four characters, goes on with a path.
  const lines = app.getHttpAdapter().getInstance().printRoutes({ commonPrefix: false }).split('\n');
  return lines.flatMap((line) => {
    const [, indent = '', path = '', methods = ''] = /^((?:│ {3}| {4})*)[├└]── (\S+)(?: \((.*)\))?$/.exec(line) ?? [];
    const depth = indent.length / 4;
    parents.splice(depth, Infinity, (parents[depth - 1] ?? '') + path);
    return methods === '' ? [] : methods.split(', ').map((method) => `${method} ${parents[depth] ?? ''}`);
  });
}
