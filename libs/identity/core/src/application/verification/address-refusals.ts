import type { Caller } from '../../domain/caller.js';
import type { AuditEvent } from '../../domain/audit-event.js';
import { IdentityError } from '../../domain/identity-error.js';
import type { AuditEvents } from '../audit/audit-events.js';
import type { RequestOrigin } from '../keys/grantor.js';
import type { AuditLog } from '../ports/audit-log.js';
import type { Clock } from '../ports/clock.js';

/** Between two events of one key, in milliseconds: requests from a wrong address must not fill the log. */
const INTERVAL_MS = 3_600_000;

/** What of a caller an event names. */
export type RefusedCaller = Pick<Caller, 'apiKey'>;

/** Records that valid keys were shown from addresses from which they are not accepted: one event an hour for each key. */
export class AddressRefusals {
  /** By key: when its last event happened. */
  readonly #recordedAt = new Map<string, number>();
  #pending: AuditEvent[] = [];

  constructor(
    private readonly auditLog: AuditLog,
    private readonly events: AuditEvents,
    private readonly clock: Clock,
  ) {}

  /** Records a refusal for the next flush, unless the key had one within the hour. */
  record({ apiKey }: RefusedCaller, origin: RequestOrigin): void {
    const { id: apiKeyId, organizationId, memberId, keyPrefix } = apiKey;
    const now = this.clock.now().getTime();
    const sinceLast = Math.abs(now - (this.#recordedAt.get(apiKeyId) ?? Number.NEGATIVE_INFINITY));
    if (sinceLast < INTERVAL_MS) return;
    this.#recordedAt.set(apiKeyId, now);
    const actor = { type: 'api_key' as const, name: null, apiKeyId, memberId, ...origin };
    const subject = { organizationId, apiKeyId, keyPrefix, changes: {} };
    this.#pending.push(this.events.build('api_key.address_refused', actor, subject));
  }

  /** Writes the recorded values. Those that the store cannot take now stay for the next flush. */
  async flush(): Promise<void> {
    const now = this.clock.now().getTime();
    for (const [id, at] of this.#recordedAt) if (Math.abs(now - at) >= INTERVAL_MS) this.#recordedAt.delete(id);
    const events = this.#pending;
    this.#pending = [];
    const failures: unknown[] = [];
    for (const event of events) {
      await this.auditLog.append(event).catch((error: unknown) => {
        failures.push(error);
        // Of an organization that is gone by now, no event can ever be written.
        if (error instanceof IdentityError && error.code === 'storage.unavailable') this.#pending.push(event);
      });
    }
    if (failures.length > 0) throw failures[0];
  }
}
