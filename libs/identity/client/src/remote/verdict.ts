import { type Caller, ScopeGrant } from '@feather-identity/core';

/** A key that the service calls good. */
export interface RemoteCaller {
  readonly caller: Caller;
  /** When the token ends by itself, in milliseconds since 1970; null for never. */
  readonly validUntil: number | null;
}

/** What the service says of a token: whose it is, or that it is not accepted. */
export type Verdict = RemoteCaller | 'refused';

type Fields = Readonly<Record<string, unknown>>;

/** Reads the answer of `POST api-keys/verify`. Throws for anything that is none. */
export function readVerdict(body: string): Verdict {
  const answer = fields(JSON.parse(body));
  if (answer['valid'] === false) return 'refused';
  if (answer['valid'] !== true) throw new TypeError('It does not say whether the key is valid.');
  const caller = fields(answer['caller']);
  const key = fields(caller['api_key']);
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
        keyPrefix: text(key['key_prefix']),
        grant: grantOf(answer['unrestricted'], key['scopes']),
        expiresAt: optional(key['expires_at'], instant),
      },
    },
    validUntil: optional(answer['valid_until'], instant)?.getTime() ?? null,
  };
}

/** The caller for one request: what its handler does to a date, no other request sees. */
export function callerFrom({ caller: { organization, member, apiKey } }: RemoteCaller): Caller {
  const expiresAt = apiKey.expiresAt && new Date(apiKey.expiresAt);
  return { organization: { ...organization }, member: { ...member }, apiKey: { ...apiKey, expiresAt } };
}

/** No scopes alone never mean everything: a service that does not say "unrestricted" is not believed. */
function grantOf(unrestricted: unknown, scopes: unknown): ScopeGrant {
  if (!Array.isArray(scopes)) throw new TypeError('It has no scopes.');
  if (unrestricted === false) return ScopeGrant.of(scopes.map(text));
  if (unrestricted !== true || scopes.length > 0)
    throw new TypeError('It does not say whether the key is unrestricted.');
  return ScopeGrant.unrestricted();
}

function fields(value: unknown): Fields {
  if (typeof value !== 'object' || value === null) throw new TypeError('It lacks an object.');
  return value as Fields;
}

function text(value: unknown): string {
  if (typeof value !== 'string') throw new TypeError('It lacks a text.');
  return value;
}

function instant(value: unknown): Date {
  const date = new Date(text(value));
  if (Number.isNaN(date.getTime())) throw new TypeError('It has a date that is none.');
  return date;
}

function optional<T>(value: unknown, read: (value: unknown) => T): T | null {
  return value === null || value === undefined ? null : read(value);
}
