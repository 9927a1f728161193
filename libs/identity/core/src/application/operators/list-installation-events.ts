import type { AuditEvent } from '../../domain/audit-event.js';
import type { OperatorEvent } from '../../domain/operator-key.js';
import { fromCursor, type Page, toCursor } from '../page.js';
import type { AuditLog } from '../ports/audit-log.js';
import type { OperatorKeyRepository } from '../ports/operator-key-repository.js';

/** An event of any organization, or of the installation itself, which has no `organizationId`. */
export type InstallationEvent = AuditEvent | (OperatorEvent & { readonly organizationId?: undefined });

/** The part of the audit log that is wanted. */
export interface ListInstallationEventsRequest {
  /** The most events that the page may have. */
  readonly limit: number;
  /** `next` of the page before. Default: the newest events. */
  readonly cursor?: string | undefined;
}

/** Lists the events of all organizations, deleted ones too, and of the installation, newest first. For operators. */
export class ListInstallationEvents {
  constructor(
    private readonly auditLog: AuditLog,
    private readonly operatorKeys: OperatorKeyRepository,
  ) {}

  /** @throws IdentityError `cursor.invalid` */
  async execute({ limit, cursor }: ListInstallationEventsRequest): Promise<Page<InstallationEvent>> {
    const after = cursor === undefined ? undefined : fromCursor(cursor).id;
    const query = { limit: limit + 1, after };
    const [ofOrganizations, ofOperators] = [
      await this.auditLog.listAll(query),
      await this.operatorKeys.listEvents(query),
    ];
    const found: InstallationEvent[] = [...ofOrganizations, ...ofOperators];
    found.sort((a, b) => (a.id < b.id ? 1 : -1));
    const items = found.slice(0, limit);
    const last = items.at(-1);
    const hasMore = found.length > limit && last !== undefined;
    return { items, next: hasMore ? toCursor({ createdAt: last.occurredAt, id: last.id }) : null };
  }
}
