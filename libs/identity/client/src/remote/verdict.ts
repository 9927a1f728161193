import {
  type Caller,
  environmentOf,
  type JsonObject,
  type Quota,
  type RateLimit,
  ScopeGrant,
} from '@feather-identity/core';

/** The caller of a valid token, as the service describes it. */
export interface RemoteCaller {
  readonly caller: Caller;
  /** When the token ends, in milliseconds since 1970; null for never. */
  readonly validUntil: number | null;
}

/** The verdict of the service on a token: its caller, or `refused`. */
export type Verdict = RemoteCaller | 'refused';

type Fields = Readonly<Record<string, unknown>>;

/** Reads the answer of `POST api-keys/verify`. Throws for any other text. */
export function readVerdict(body: string): Verdict {
  const answer = fields(JSON.parse(body));
  if (answer['valid'] === false) return 'refused';
  if (answer['valid'] !== true) throw new TypeError('It is not clear whether the key is valid.');
  const caller = fields(answer['caller']);
  const key = fields(caller['api_key']);
  // A service of before knows no limits and networks.
  const stored = fields(answer['api_key'] ?? {});
  const organizationId = text(caller['organization_id']);
  const memberId = text(caller['user_id']);
  return {
    caller: {
      organization: { id: organizationId, name: text(caller['organization_name']) },
      member: {
        id: memberId,
        organizationId,
        externalId: text(caller['clerk_user_id']),
        email: optional(caller['email'], text),
        displayName: optional(caller['display_name'], text),
        role: text(caller['role']),
      },
      apiKey: {
        id: text(key['id']),
        organizationId,
        memberId,
        name: text(key['name']),
        metadata: metadataOf(answer['api_key']),
        keyPrefix: text(key['key_prefix']),
        environment: environmentOf(text(key['key_prefix'])),
        grant: grantOf(answer['unrestricted'], key['scopes']),
        rateLimit: optional(stored['rate_limit'], rateLimitOf),
        quota: optional(stored['quota'], quotaOf),
        allowedNetworks: optional(stored['allowed_networks'], textsOf),
        expiresAt: optional(key['expires_at'], instant),
      },
    },
    validUntil: optional(answer['valid_until'], instant)?.getTime() ?? null,
  };
}

/** A copy of the caller for one request: a handler that changes a date must not affect other requests. */
export function callerFrom({ caller: { organization, member, apiKey } }: RemoteCaller): Caller {
  const expiresAt = apiKey.expiresAt && new Date(apiKey.expiresAt);
  const metadata = structuredClone(apiKey.metadata);
  return { organization: { ...organization }, member: { ...member }, apiKey: { ...apiKey, metadata, expiresAt } };
}

/** Services before 0.2 have none. */
function metadataOf(apiKey: unknown): JsonObject | null {
  const { metadata = null } = fields(apiKey ?? {});
  if (typeof metadata !== 'object' || Array.isArray(metadata)) throw new TypeError('The metadata is no object.');
  return metadata as JsonObject | null;
}

/** An empty list of scopes never means everything by itself: the service has to say `unrestricted`. */
function grantOf(unrestricted: unknown, scopes: unknown): ScopeGrant {
  if (!Array.isArray(scopes)) throw new TypeError('There are no scopes.');
  if (unrestricted === false) return ScopeGrant.of(textsOf(scopes));
  if (unrestricted !== true || scopes.length > 0)
    throw new TypeError('It is not clear whether the key is unrestricted.');
  return ScopeGrant.unrestricted();
}

function rateLimitOf(value: unknown): RateLimit {
  const { requests, seconds } = fields(value);
  return { requests: count(requests), seconds: count(seconds) };
}

function quotaOf(value: unknown): Quota {
  const { requests, period } = fields(value);
  if (period !== 'day' && period !== 'month') throw new TypeError('A quota is of no known period.');
  return { requests: count(requests), period };
}

function count(value: unknown): number {
  if (!Number.isSafeInteger(value) || Number(value) < 1) throw new TypeError('A limit is malformed.');
  return Number(value);
}

function textsOf(value: unknown): string[] {
  if (!Array.isArray(value)) throw new TypeError('A list is missing.');
  return value.map(text);
}

function fields(value: unknown): Fields {
  if (typeof value !== 'object' || value === null) throw new TypeError('An object is missing.');
  return value as Fields;
}

function text(value: unknown): string {
  if (typeof value !== 'string') throw new TypeError('A text is missing.');
  return value;
}

function instant(value: unknown): Date {
  const date = new Date(text(value));
  if (Number.isNaN(date.getTime())) throw new TypeError('A date is malformed.');
  return date;
}

function optional<T>(value: unknown, read: (value: unknown) => T): T | null {
  return value === null || value === undefined ? null : read(value);
}
