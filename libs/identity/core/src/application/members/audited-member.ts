import type { AuditedValue } from '../../domain/audit-event.js';
import type { Member } from '../../domain/member.js';
import type { AuditedSubject } from '../audit/audit-events.js';

/** What an event about a member is about: it names the member beside the changes, since no column of the log does. */
export function auditedMember(
  { id, organizationId, externalId }: Pick<Member, 'id' | 'organizationId' | 'externalId'>,
  changes: Readonly<Record<string, AuditedValue>>,
): AuditedSubject {
  return {
    organizationId,
    apiKeyId: null,
    keyPrefix: null,
    changes: { member_id: id, external_id: externalId, ...changes },
  };
}
