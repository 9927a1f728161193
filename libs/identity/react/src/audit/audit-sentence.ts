import type { components } from '@feather-identity/client';
import { count, counted } from '../format/numbers.js';
import { duration, localTime } from '../format/time.js';
import { holds } from '../keys/scopes.js';
import type { Tone } from '../ui/badge.js';
import type { IconName } from '../ui/icon.js';

type InstallationEvent = components['schemas']['InstallationEventResponse'];

/** An event of an organization, or of the whole installation. */
export type AuditEvent = Omit<InstallationEvent, 'organization_id'> &
  Partial<Pick<InstallationEvent, 'organization_id'>>;

/** What ids are called; undefined where that is not known. */
export interface AuditNames {
  readonly key: (id: string) => string | undefined;
  readonly member: (id: string) => string | undefined;
}

/** A part of a sentence. Without `as` it is our own text, otherwise somebody's. */
export interface AuditPiece {
  readonly text: string;
  readonly as?: 'name' | 'value' | 'code' | 'added' | 'removed';
}

/** An event in words. */
export interface AuditSentence {
  readonly icon: IconName;
  readonly tone: Tone;
  /** Who did what to what. */
  readonly headline: readonly AuditPiece[];
  /** Each change, with the value before where it is known. */
  readonly changes: readonly (readonly AuditPiece[])[];
}

/** The value of a field before an event: null if it had none, undefined if that is not known. */
export type ValueBefore = (field: string) => unknown;

const UNKNOWN: ValueBefore = () => undefined;
const ANYWHERE = 'everywhere';

/** What the events are called in a list of types, and how they look. */
export const AUDIT_TYPES: Readonly<Record<AuditEvent['type'], readonly [label: string, icon: IconName, tone: Tone]>> = {
  'api_key.created': ['Key created', 'plus', 'good'],
  'api_key.imported': ['Key imported', 'download', 'good'],
  'api_key.updated': ['Key changed', 'pencil', 'quiet'],
  'api_key.disabled': ['Key disabled', 'pause', 'warn'],
  'api_key.enabled': ['Key enabled', 'play', 'good'],
  'api_key.rotated': ['Key rotated', 'rotate', 'info'],
  'api_key.revoked': ['Key revoked', 'trash', 'bad'],
  'api_key.address_refused': ['Address refused', 'warning', 'warn'],
  'escalation.denied': ['Escalation denied', 'shield', 'bad'],
  'member.created': ['Member added', 'plus', 'good'],
  'member.updated': ['Member changed', 'pencil', 'quiet'],
  'member.disabled': ['Member disabled', 'pause', 'warn'],
  'member.enabled': ['Member enabled', 'play', 'good'],
  'member.removed': ['Member removed', 'trash', 'bad'],
  'organization.created': ['Organization created', 'building', 'good'],
  'organization.bootstrapped': ['Organization bootstrapped', 'building', 'good'],
  'organization.updated': ['Organization renamed', 'pencil', 'quiet'],
  'organization.disabled': ['Organization disabled', 'pause', 'warn'],
  'organization.enabled': ['Organization enabled', 'play', 'good'],
  'organization.deleted': ['Organization deleted', 'trash', 'bad'],
  'policy.updated': ['Policy changed', 'shield', 'info'],
  'console_link.created': ['Console link made', 'screen', 'quiet'],
  'console_session.opened': ['Signed in to the console', 'screen', 'quiet'],
  'console_session.ended': ['Signed out of the console', 'signOut', 'quiet'],
  'operator_key.created': ['Operator key created', 'plus', 'good'],
  'operator_key.revoked': ['Operator key revoked', 'trash', 'bad'],
};

const VERBS: Readonly<Record<string, string>> = {
  created: 'created',
  bootstrapped: 'created',
  imported: 'imported',
  updated: 'changed',
  disabled: 'disabled',
  enabled: 'enabled',
  rotated: 'rotated',
  revoked: 'revoked',
  removed: 'removed',
  deleted: 'deleted',
};

/** Says an event in words. */
export function auditSentence(event: AuditEvent, names: AuditNames, before: ValueBefore = UNKNOWN): AuditSentence {
  const [, icon, tone] = typeOf(event.type);
  return { icon, tone, headline: headline(event, names), changes: changes(event, names, before) };
}

/** Who did it. */
function actorName(event: AuditEvent, names: AuditNames): AuditPiece {
  const { actor_type: type, actor_name: name, actor_api_key_id: keyId, actor_user_id: userId } = event;
  if (type === 'system') return { text: 'The service' };
  if (type === 'operator') return name === null ? { text: 'The operator' } : { text: name, as: 'name' };
  const known = type === 'api_key' ? names.key(keyId ?? '') : names.member(userId ?? '');
  return known === undefined ? { text: type === 'api_key' ? 'A key' : 'A member' } : { text: known, as: 'name' };
}

/**
 * The values of before an event, read from older events of the same subject: the nearest one that has the field. An event
 * that created the subject ends the search, with null for what it was not given.
 *
 * @param older - every event about the subject before this one, newest first. With gaps the answers would be wrong.
 */
export function valueBefore(event: AuditEvent, older: Iterable<AuditEvent>): ValueBefore {
  const subject = subjectOf(event);
  const past = [...older].filter((each) => subjectsOf(each).includes(subject));
  return (field) => {
    for (const each of past) {
      if (each.type === 'escalation.denied') continue;
      const fields = fieldsFor(each, subject);
      if (field in fields) return fields[field];
      if (/created|imported|bootstrapped/.test(each.type)) return null;
    }
    return undefined;
  };
}

/** What an event is about: events of one subject tell each other's values of before. */
export function subjectOf({
  type,
  api_key_id: keyId,
  changes: changed,
  organization_id: organization,
}: AuditEvent): string {
  const [kind = ''] = type.split('.');
  if (kind === 'api_key' || kind === 'escalation') return `key ${keyId ?? ''}`;
  if (kind === 'member') return `member ${String(changed['member_id'])}`;
  return kind === 'operator_key' ? `${kind} ${keyId ?? ''}` : `${kind} ${organization ?? ''}`;
}

/** An organization is created without a policy, and perhaps with a first key. */
function subjectsOf(event: AuditEvent): readonly string[] {
  const subject = subjectOf(event);
  if (!isFoundation(event)) return [subject];
  return [subject, subject.replace('organization', 'policy'), `key ${event.api_key_id ?? ''}`];
}

function isFoundation({ type }: AuditEvent): boolean {
  return type === 'organization.created' || type === 'organization.bootstrapped';
}

function fieldsFor(event: AuditEvent, subject: string): Readonly<Record<string, unknown>> {
  if (!isFoundation(event) || !subject.startsWith('key ')) return event.changes;
  const { first_key_name: name, first_key_scopes: scopes, first_key_expires_at: end } = event.changes;
  return { name, scopes, expires_at: end };
}

function typeOf(type: string): readonly [string, IconName, Tone] {
  // A newer service may have types that this page does not know.
  return (AUDIT_TYPES as Readonly<Record<string, readonly [string, IconName, Tone]>>)[type] ?? [type, 'info', 'quiet'];
}

function headline(event: AuditEvent, names: AuditNames): readonly AuditPiece[] {
  const actor = actorName(event, names);
  const [kind = '', participle = ''] = event.type.split('.');
  const key = keyName(event, names);
  switch (event.type) {
    case 'api_key.address_refused': {
      const from: AuditPiece =
        event.source_address === null ? { text: 'there' } : { text: event.source_address, as: 'code' };
      return [
        { text: key === undefined ? 'A key' : 'Key ' },
        ...listed(key),
        { text: ' was refused: it is not accepted from ' },
        from,
      ];
    }
    case 'escalation.denied':
      return event.api_key_id === null
        ? [actor, { text: ' asked for a key with more rights than its own, and was refused' }]
        : [
            actor,
            { text: ` asked for more rights than its own for ${key === undefined ? 'a key' : 'key '}` },
            ...listed(key),
            { text: ', and was refused' },
          ];
    case 'console_link.created':
      return [actor, { text: ` made a link to the console${key === undefined ? '' : ' for key '}` }, ...listed(key)];
    case 'console_session.opened':
      return [actor, { text: ` signed in to the console${key === undefined ? '' : ' with key '}` }, ...listed(key)];
    case 'console_session.ended':
      return [
        actor,
        { text: ` ended a session of the console${key === undefined ? '' : ' with key '}` },
        ...listed(key),
      ];
    case 'policy.updated':
      return [actor, { text: ' changed the policy' }];
    case 'organization.updated':
      return [actor, { text: ' renamed the organization' }];
    default: {
      const verb = VERBS[participle];
      if (verb === undefined) return [actor, { text: `: ${event.type}` }];
      if (kind === 'member') {
        return [actor, { text: ` ${participle === 'created' ? 'added' : verb} member ` }, memberName(event, names)];
      }
      if (kind === 'organization') {
        const name = event.changes['name'];
        const named: readonly AuditPiece[] =
          typeof name === 'string' ? [{ text: ' ' }, { text: name, as: 'name' }] : [];
        return [actor, { text: ` ${verb} the organization` }, ...named];
      }
      const what = kind === 'operator_key' ? 'operator key' : 'key';
      const article = what === 'key' ? 'a' : 'an';
      return [actor, { text: key === undefined ? ` ${verb} ${article} ${what}` : ` ${verb} ${what} ` }, ...listed(key)];
    }
  }
}

/** The name of the key that it is about, or what else is known of it. */
function keyName(
  { api_key_id: id, key_prefix: prefix, changes: changed }: AuditEvent,
  names: AuditNames,
): AuditPiece | undefined {
  const name = names.key(id ?? '') ?? (typeof changed['name'] === 'string' ? changed['name'] : undefined);
  if (name !== undefined) return { text: name, as: 'name' };
  return prefix === null ? undefined : { text: prefix, as: 'code' };
}

function listed<Item>(item: Item | undefined): readonly Item[] {
  return item === undefined ? [] : [item];
}

function memberName({ changes: changed }: AuditEvent, names: AuditNames): AuditPiece {
  const id = changed['member_id'];
  const known = typeof id === 'string' ? names.member(id) : undefined;
  return { text: known ?? textOf(changed['display_name'] ?? changed['external_id'] ?? 'unknown'), as: 'name' };
}

/** Fields that the headline says, or that say nothing. */
const SAID = ['session_id', 'member_id', 'is_active', 'key_prefix', 'unrestricted'];

function changes(event: AuditEvent, names: AuditNames, before: ValueBefore): readonly (readonly AuditPiece[])[] {
  const isNew = /created|imported|bootstrapped|deleted|opened|ended/.test(event.type);
  const how = isNew ? 'new' : event.type === 'escalation.denied' ? 'asked' : 'changed';
  return Object.entries(event.changes).flatMap(([field, value]) => {
    if (SAID.includes(field) || (field === 'external_id' && !isNew) || (field === 'name' && how === 'new')) return [];
    if (field === 'grace_period_seconds' && how === 'changed') return [rotation(event)];
    if (field === 'previous_key_prefix') return [];
    if (field === 'cascade_of') return [cascade(value, names)];
    if (field === 'unused_for_days')
      return [[{ text: `The policy revokes keys that nobody uses for ${textOf(value)} days` }]];
    if (field === 'name' && how === 'changed') return [change('Renamed', 'name', value, before('name'))];
    if (LISTS[field] !== undefined)
      return [listChange(LISTS[field], value, how === 'changed' ? before(field) : undefined, how)];
    const label = LABELS[field] ?? capital(field.replaceAll('_', ' '));
    if (how !== 'changed') {
      if (how === 'new' && value === null && field !== 'expires_at') return [];
      return [[{ text: `${how === 'asked' ? 'Asked for: ' : ''}${label}: ` }, shown(field, value)]];
    }
    return [change(`${label} changed`, field, value, before(field))];
  });
}

function change(verb: string, field: string, value: unknown, old: unknown): readonly AuditPiece[] {
  if (field === 'metadata') return [{ text: value === null ? 'Metadata removed' : 'Metadata set' }];
  const from: readonly AuditPiece[] = old === undefined ? [] : [{ text: 'from ' }, quoted(field, old), { text: ' ' }];
  return [{ text: `${verb} ` }, ...from, { text: 'to ' }, quoted(field, value)];
}

/** Texts of people, which would run into the words around them. */
const TEXTS = ['name', 'display_name', 'description'];

function quoted(field: string, value: unknown): AuditPiece {
  const piece = shown(field, value);
  return TEXTS.includes(field) && piece.as === 'value' ? { ...piece, text: `“${piece.text}”` } : piece;
}

function rotation({ changes: changed }: AuditEvent): readonly AuditPiece[] {
  const { key_prefix: next, previous_key_prefix: old, grace_period_seconds: grace } = changed;
  const rest = typeof grace === 'number' && grace > 0 ? ` stays valid for ${duration(grace * 1000)}` : ' ended at once';
  return [
    { text: 'The new secret is ' },
    { text: textOf(next), as: 'code' },
    { text: '; the old one ' },
    { text: textOf(old), as: 'code' },
    { text: rest },
  ];
}

function cascade(id: unknown, names: AuditNames): readonly AuditPiece[] {
  const name = typeof id === 'string' ? names.key(id) : undefined;
  return name === undefined
    ? [{ text: 'Because the key that made it was revoked' }]
    : [{ text: 'Because ' }, { text: name, as: 'name' }, { text: ', which made it, was revoked' }];
}

interface ListField {
  readonly label: string;
  readonly as: 'code' | 'value';
  /** What an empty list means. */
  readonly empty: string;
}

const LISTS: Readonly<Record<string, ListField | undefined>> = {
  scopes: { label: 'Scopes', as: 'code', empty: 'everything' },
  first_key_scopes: { label: 'Scopes of the first key', as: 'code', empty: 'everything' },
  labels: { label: 'Labels', as: 'value', empty: 'none' },
  allowed_networks: { label: 'Accepted from', as: 'code', empty: ANYWHERE },
};

function listChange(
  { label, as, empty }: ListField,
  value: unknown,
  old: unknown,
  how: 'new' | 'asked' | 'changed',
): readonly AuditPiece[] {
  const now = listOf(value);
  const all: readonly AuditPiece[] = now.length === 0 ? [{ text: empty }] : joined(now, as);
  if (how === 'asked') return [{ text: `Asked for ${label.toLowerCase()}: ` }, ...all];
  if (how === 'new') return [{ text: `${label}: ` }, ...all];
  if (old === undefined) return [{ text: `${label} set to ` }, ...all];
  const past = listOf(old);
  const added = now.filter((each) => !past.includes(each));
  const removed = past.filter((each) => !now.includes(each));
  const direction = label === 'Scopes' ? directionOf(past, now) : 'changed';
  const subject = label === 'Accepted from' ? 'Allowed addresses' : label;
  if (past.length === 0 || now.length === 0) {
    const was: readonly AuditPiece[] = past.length === 0 ? [{ text: empty }] : joined(past, as);
    return [{ text: `${subject} ${direction} from ` }, ...was, { text: ' to ' }, ...all];
  }
  return [
    { text: `${subject} ${direction}: ` },
    ...joined(removed, 'removed'),
    ...(removed.length > 0 ? [{ text: ' removed' }] : []),
    ...(removed.length > 0 && added.length > 0 ? [{ text: ', ' }] : []),
    ...joined(added, 'added'),
    ...(added.length > 0 ? [{ text: ' added' }] : []),
  ];
}

/** Whether a key may do more or less than before; `stock:read` instead of `stock:*` is less. */
function directionOf(past: readonly string[], now: readonly string[]): 'narrowed' | 'widened' | 'changed' {
  const may = (scopes: readonly string[], scope: string): boolean =>
    holds({ unrestricted: scopes.length === 0, scopes }, scope);
  const gains = now.length === 0 ? past.length > 0 : now.some((scope) => !may(past, scope));
  const loses = past.length === 0 ? now.length > 0 : past.some((scope) => !may(now, scope));
  if (gains === loses) return 'changed';
  return gains ? 'widened' : 'narrowed';
}

function joined(items: readonly string[], as: NonNullable<AuditPiece['as']>): readonly AuditPiece[] {
  return items.flatMap((text, index) => (index === 0 ? [{ text, as }] : [{ text: ', ' }, { text, as }]));
}

const LABELS: Readonly<Record<string, string>> = {
  expires_at: 'Expiry',
  first_key_name: 'First key',
  first_key_expires_at: 'Expiry of the first key',
  owner_external_id: 'Owner',
  external_id: 'External id',
  display_name: 'Name',
  deleted_members: 'Members deleted',
  deleted_api_keys: 'Keys deleted',
  max_lifetime_days: 'Longest life',
  expiry_required: 'Expiry required',
  scopes_required: 'Scopes required',
  revoke_unused_after_days: 'Revoke unused keys after',
  revoke_descendants: 'Revoke what a revoked key has made',
  grace_period_seconds: 'Grace period',
};

/** A value as people read it. */
function shown(field: string, value: unknown): AuditPiece {
  if (value === null) return { text: NOTHING[field] ?? 'none' };
  if (typeof value === 'boolean') return { text: value ? 'yes' : 'no' };
  if (typeof value === 'number') {
    const text = field.endsWith('_days')
      ? counted(value, 'day')
      : field.endsWith('_seconds')
        ? `${count(value)} s`
        : count(value);
    return { text, as: 'value' };
  }
  const text = textOf(value);
  if (field.endsWith('_at')) return { text: localTime(Date.parse(text)), as: 'value' };
  const [, requests, window] = /^(\d+)\/(\w+)$/.exec(text) ?? [];
  if (requests !== undefined && window !== undefined && /rate_limit|quota/.test(field)) {
    return { text: `${count(Number(requests))} ${WINDOWS[window] ?? `in ${window} s`}`, as: 'value' };
  }
  return { text, as: 'value' };
}

const NOTHING: Readonly<Record<string, string>> = {
  expires_at: 'never',
  first_key_expires_at: 'never',
  max_lifetime_days: 'no limit',
  revoke_unused_after_days: 'never',
  expiry_required: 'no',
  scopes_required: 'no',
  revoke_descendants: 'no',
};

const WINDOWS: Readonly<Record<string, string>> = {
  1: 'a second',
  60: 'a minute',
  3600: 'an hour',
  day: 'a day',
  month: 'a month',
};

function listOf(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.map(textOf) : [];
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
