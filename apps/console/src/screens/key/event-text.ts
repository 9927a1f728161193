import type { components } from '@feather-identity/client';
import { duration, localTime, type IconName, type Tone } from '@feather-identity/react';

/** An event of the audit log. */
export type AuditEvent = components['schemas']['AuditEventResponse'];

/** How an event of a key is shown. */
export interface EventText {
  readonly what: string;
  readonly icon: IconName;
  readonly tone: Tone;
}

const TEXTS: { readonly [Type in AuditEvent['type']]?: EventText } = {
  'api_key.created': { what: 'Created', icon: 'plus', tone: 'good' },
  'api_key.imported': { what: 'Imported', icon: 'download', tone: 'good' },
  'api_key.updated': { what: 'Changed', icon: 'pencil', tone: 'quiet' },
  'api_key.disabled': { what: 'Disabled', icon: 'pause', tone: 'warn' },
  'api_key.enabled': { what: 'Enabled', icon: 'play', tone: 'good' },
  'api_key.rotated': { what: 'Rotated', icon: 'rotate', tone: 'quiet' },
  'api_key.revoked': { what: 'Revoked', icon: 'trash', tone: 'bad' },
  'api_key.address_refused': { what: 'Refused: the address is not allowed', icon: 'warning', tone: 'warn' },
  'escalation.denied': { what: 'Tried to grant more than it has', icon: 'warning', tone: 'bad' },
};

/** What happened, in words. */
export function eventText({ type }: AuditEvent): EventText {
  return TEXTS[type] ?? { what: type.replaceAll(/[._]/g, ' '), icon: 'info', tone: 'quiet' };
}

/** Who did it. */
export function actorText(event: AuditEvent, nameOfKey: (id: string) => string | undefined): string {
  if (event.actor_type === 'system') return 'the service';
  if (event.actor_type === 'operator')
    return event.actor_name === null ? 'an operator' : `operator ${event.actor_name}`;
  if (event.actor_type === 'api_key' && event.actor_api_key_id !== null) {
    return event.actor_name ?? nameOfKey(event.actor_api_key_id) ?? 'a key';
  }
  return event.actor_name ?? 'a member';
}

/** What changed, field by field: `name: shop → web shop`. Values are what people wrote. */
export function changeTexts({ changes }: AuditEvent): readonly string[] {
  // The type of the event says whether the key is active.
  const shown = Object.entries(changes).filter(([field]) => field !== 'is_active');
  return shown.map(([field, change]) => {
    if (field === 'grace_period_seconds')
      return `grace period: ${change === 0 ? 'none' : duration(1000 * Number(change))}`;
    const name = field.replaceAll('_', ' ');
    if (isStep(change)) return `${name}: ${valueText(change.from)} → ${valueText(change.to)}`;
    return `${name}: ${valueText(change)}`;
  });
}

function isStep(value: unknown): value is { readonly from: unknown; readonly to: unknown } {
  return typeof value === 'object' && value !== null && 'from' in value && 'to' in value;
}

const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z$/;

function valueText(value: unknown): string {
  if (value === null || value === undefined || value === '') return 'none';
  if (typeof value === 'string') return INSTANT.test(value) ? localTime(Date.parse(value)) : value;
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  if (Array.isArray(value)) return value.length === 0 ? 'none' : value.map(valueText).join(', ');
  return JSON.stringify(value);
}
