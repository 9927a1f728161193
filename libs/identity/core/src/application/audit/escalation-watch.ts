import type { AuditedValue, AuditEvent } from '../../domain/audit-event.js';
import { IdentityError } from '../../domain/identity-error.js';
import type { AuditEvents } from './audit-events.js';
import type { Grantor } from '../keys/grantor.js';
import type { AuditLog } from '../ports/audit-log.js';

/** Attempts cost whoever makes them nothing: of a long list the beginning is enough. */
const MAX_ITEMS = 10;

const ESCALATIONS: readonly string[] = ['api_key.scope_not_held', 'api_key.outlives_caller'];

/** Puts attempts to give away more than one has into the audit log. */
export class EscalationWatch {
  constructor(
    private readonly auditLog: AuditLog,
    private readonly events: AuditEvents,
  ) {}

  /** Does `work`. Where it is refused as an escalation, the attempt is recorded before the refusal goes on. */
  async over<T>(
    { actor, member: { organizationId } }: Grantor,
    attempt: Pick<AuditEvent, 'apiKeyId' | 'changes'>,
    work: () => Promise<T>,
  ): Promise<T> {
    try {
      return await work();
    } catch (error) {
      if (error instanceof IdentityError && ESCALATIONS.includes(error.code)) {
        const changes = shortened(attempt.changes);
        const subject = { organizationId, apiKeyId: attempt.apiKeyId, changes };
        await this.auditLog.append(this.events.build('escalation.denied', actor, subject));
      }
      throw error;
    }
  }
}

function shortened(changes: AuditEvent['changes']): AuditEvent['changes'] {
  const shorten = (value: AuditedValue) => (Array.isArray(value) ? value.slice(0, MAX_ITEMS) : value);
  return Object.fromEntries(Object.entries(changes).map(([name, value]) => [name, shorten(value)]));
}
