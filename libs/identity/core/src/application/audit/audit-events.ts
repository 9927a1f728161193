import type { Actor } from '../../domain/actor.js';
import type { ApiKey } from '../../domain/api-key.js';
import type { AuditedValue, AuditEvent, AuditEventType } from '../../domain/audit-event.js';
import { IdentityError } from '../../domain/identity-error.js';
import type { Grantor } from '../keys/grantor.js';
import type { AuditLog } from '../ports/audit-log.js';
import type { Clock } from '../ports/clock.js';
import type { IdGenerator } from '../ports/id-generator.js';

/** What an event is about. */
export type AuditedSubject = Pick<AuditEvent, 'organizationId' | 'apiKeyId' | 'keyPrefix' | 'changes'>;

const ESCALATIONS: readonly string[] = [
  'api_key.scope_not_held',
  'api_key.outlives_caller',
  'api_key.environment_not_held',
  'api_key.limit_exceeds_caller',
  'api_key.network_not_held',
];

/** An attempt costs its author nothing: of a long list the event keeps the first items. */
const MAX_ITEMS = 10;

/** Characters of a description that an event keeps. */
const MAX_AUDITED_CHARACTERS = 200;

/** Builds the events that repositories store with a change, and records the attempts that change nothing. */
export class AuditEvents {
  constructor(
    private readonly auditLog: AuditLog,
    private readonly ids: IdGenerator,
    private readonly clock: Clock,
  ) {}

  /** An event of this moment. It is not stored yet. */
  build(type: AuditEventType, actor: Actor, subject: AuditedSubject): AuditEvent {
    return { id: this.ids.next(), type, occurredAt: this.clock.now(), actor, ...subject };
  }

  /** Runs `work`. If it is refused as a privilege escalation, records the attempt before it rethrows the refusal. */
  async auditEscalation<T>(
    { actor, member: { organizationId } }: Grantor,
    { apiKeyId, changes }: Pick<AuditEvent, 'apiKeyId' | 'changes'>,
    work: () => Promise<T>,
  ): Promise<T> {
    try {
      return await work();
    } catch (error) {
      if (error instanceof IdentityError && ESCALATIONS.includes(error.code)) {
        const subject = { organizationId, apiKeyId, keyPrefix: null, changes: shortened(changes) };
        await this.auditLog.append(this.build('escalation.denied', actor, subject));
      }
      throw error;
    }
  }
}

/** The type of a change by the names of its fields in the API: that something is disabled or enabled comes first. */
export function changeTypeOf<Subject extends 'api_key' | 'member' | 'organization'>(
  subject: Subject,
  { is_active: isActive }: Record<string, AuditedValue>,
): `${Subject}.${'updated' | 'enabled' | 'disabled'}` {
  if (isActive === undefined) return `${subject}.updated`;
  return isActive === true ? `${subject}.enabled` : `${subject}.disabled`;
}

/** The fields of a key that a client decides, by their names in the API; instants in ISO 8601. */
export function auditedFields(apiKey: Pick<ApiKey, 'name' | 'grant' | 'expiresAt'>): Record<string, AuditedValue> {
  const { name, grant, expiresAt } = apiKey;
  return { name, scopes: grant.scopes, expires_at: expiresAt && expiresAt.toISOString() };
}

/**
 * The notes that a key has, by their names in the API: the beginning of its description, since others read the log, and of
 * its metadata, which may be private to the application, only that it was set.
 */
export function auditedNotes({
  description,
  labels,
  metadata,
}: Pick<ApiKey, 'description' | 'labels' | 'metadata'>): Record<string, AuditedValue> {
  return {
    ...(description === null ? {} : { description: beginningOf(description) }),
    ...(labels.length === 0 ? {} : { labels }),
    ...(metadata === null ? {} : { metadata: 'set' }),
  };
}

function beginningOf(text: string): string {
  const characters = [...text];
  const isWhole = characters.length <= MAX_AUDITED_CHARACTERS;
  return isWhole ? text : `${characters.slice(0, MAX_AUDITED_CHARACTERS).join('')}…`;
}

function shortened(changes: AuditEvent['changes']): AuditEvent['changes'] {
  const shorten = (value: AuditedValue) => (Array.isArray(value) ? value.slice(0, MAX_ITEMS) : value);
  return Object.fromEntries(Object.entries(changes).map(([name, value]) => [name, shorten(value)]));
}
