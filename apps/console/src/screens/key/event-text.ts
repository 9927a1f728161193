import type { components } from '@feather-identity/client';
import type { IconName, Tone } from '@feather-identity/react';

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
