import type { Actor } from '../../domain/actor.js';
import type { AuditEvent, AuditEventType } from '../../domain/audit-event.js';
import type { Clock } from '../ports/clock.js';
import type { IdGenerator } from '../ports/id-generator.js';

/** What an event is about. */
export type AuditedSubject = Pick<AuditEvent, 'organizationId' | 'apiKeyId' | 'changes'>;

/** Builds the entries of the audit log. Stores nothing. */
export class AuditEvents {
  constructor(
    private readonly ids: IdGenerator,
    private readonly clock: Clock,
  ) {}

  build(type: AuditEventType, actor: Actor, { organizationId, apiKeyId, changes }: AuditedSubject): AuditEvent {
    return { id: this.ids.next(), organizationId, type, occurredAt: this.clock.now(), actor, apiKeyId, changes };
  }
}
