import type { AuditEvent } from '../domain/audit-event.js';
import { IdentityError } from '../domain/identity-error.js';
import type { AuditEvents } from './audit-events.js';
import type { Authority } from './authority.js';
import type { AuditLog } from './ports/audit-log.js';

const ESCALATIONS: readonly string[] = ['api_key.scope_not_held', 'api_key.outlives_caller'];

/** Puts attempts to give away more than one has into the audit log. */
export class EscalationWatch {
  constructor(
    private readonly auditLog: AuditLog,
    private readonly events: AuditEvents,
  ) {}

  /** Does `work`. Where it is refused as an escalation, the attempt is recorded before the refusal goes on. */
  async over<T>(
    { actor, member: { organizationId } }: Authority,
    attempt: Pick<AuditEvent, 'apiKeyId' | 'changes'>,
    work: () => Promise<T>,
  ): Promise<T> {
    try {
      return await work();
    } catch (error) {
      if (error instanceof IdentityError && ESCALATIONS.includes(error.code)) {
        await this.auditLog.append(this.events.build('escalation.denied', actor, { organizationId, ...attempt }));
      }
      throw error;
    }
  }
}
