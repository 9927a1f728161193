import type { Actor } from '../../domain/actor.js';
import type { AuditEvent } from '../../domain/audit-event.js';
import type { ConsoleHolder } from '../../domain/console-session.js';
import type { RequestOrigin } from '../keys/grantor.js';
import { operatorActor } from '../operators/verify-operator-key.js';
import type { Clock } from '../ports/clock.js';
import type { ConsoleEvent } from '../ports/console-sessions.js';
import type { IdGenerator } from '../ports/id-generator.js';
import type { ConsoleIdentity } from './console-holders.js';

/** What has happened to a link or a session. */
export type ConsoleEventType = 'console_link.created' | 'console_session.opened' | 'console_session.ended';

/** Builds the events of links and sessions. They are about the key of the holder. */
export class ConsoleEvents {
  constructor(
    private readonly ids: IdGenerator,
    private readonly clock: Clock,
  ) {}

  build(
    type: ConsoleEventType,
    actor: Actor,
    { holder, identity }: { readonly holder: ConsoleHolder; readonly identity: ConsoleIdentity },
    changes: AuditEvent['changes'],
  ): ConsoleEvent {
    const key =
      holder.kind === 'operator'
        ? { apiKeyId: null, keyPrefix: null }
        : { apiKeyId: holder.apiKeyId, keyPrefix: holder.keyPrefix };
    const event = { id: this.ids.next(), type, occurredAt: this.clock.now(), actor, ...key, changes };
    return identity.kind === 'tenant' ? { ...event, organizationId: identity.caller.organization.id } : event;
  }
}

/** The actor of what a session does. */
export function consoleActor(identity: ConsoleIdentity, origin: RequestOrigin): Actor {
  if (identity.kind === 'operator') return operatorActor(identity.operator, origin);
  const { apiKey, member } = identity.caller;
  return { type: 'api_key', name: null, apiKeyId: apiKey.id, memberId: member.id, ...origin };
}
