import { type Actor } from '../../domain/actor.js';
import type { StoredCaller } from '../../domain/caller.js';
import {
  type ConsoleHolder,
  consoleSecret,
  hashOfConsoleSecret,
  LINK_LIFETIME_SECONDS,
} from '../../domain/console-session.js';
import { IdentityError } from '../../domain/identity-error.js';
import type { RandomSource } from '../../domain/random-source.js';
import { ScopeGrant } from '../../domain/scope-grant.js';
import type { TokenFormat } from '../../domain/token-format.js';
import type { AuditEvents } from '../audit/audit-events.js';
import { apiKeyNotFound } from '../keys/find-api-key.js';
import { grantorOf, type RequestOrigin } from '../keys/grantor.js';
import type { Clock } from '../ports/clock.js';
import type { ConsoleSessions } from '../ports/console-sessions.js';
import type { VerifyApiKey } from '../verification/verify-api-key.js';
import type { ConsoleEvents } from './console-events.js';
import { type ConsoleHolders, type ConsoleIdentity, grantOf } from './console-holders.js';

/** A link that was made, with its code, which exists nowhere else. */
export interface CreatedConsoleLink {
  readonly code: string;
  readonly expiresAt: Date;
}

/** What a key wants of a link. */
export interface ConsoleLinkRequest {
  /** At most those of the key. Default: those of the key. */
  readonly scopes?: readonly string[] | undefined;
  /** Seconds for which the link can be used, at most and by default 600. */
  readonly expiresIn?: number | undefined;
}

/** Dependencies of `CreateConsoleLink`. */
export interface LinkDependencies {
  readonly sessions: ConsoleSessions;
  readonly holders: ConsoleHolders;
  readonly events: ConsoleEvents;
  readonly auditEvents: AuditEvents;
  readonly verifyApiKey: VerifyApiKey;
  readonly operatorFormat: TokenFormat;
  readonly random: RandomSource;
  readonly clock: Clock;
}

/** Makes single-use links that open the console. */
export class CreateConsoleLink {
  constructor(private readonly parts: LinkDependencies) {}

  /** A link to a session of the operator, who may do everything and needs no key. For the command line. */
  forOperator(actor: Actor): Promise<CreatedConsoleLink> {
    const grant = ScopeGrant.unrestricted();
    const { name } = actor;
    const identity = { kind: 'operator', operator: { name, grant, operatorKey: null } } as const;
    return this.create({ holder: { kind: 'operator', name }, identity }, grant, actor);
  }

  /**
   * A link to a session of a key, which may do what the key may. For the command line.
   *
   * @param keyPrefix - the public part of a key of an organization or the operator
   * @throws IdentityError `api_key.not_found`: no key that is accepted now has this public part
   */
  async forKey(keyPrefix: string, actor: Actor): Promise<CreatedConsoleLink> {
    const { holders, operatorFormat } = this.parts;
    const found = await (operatorFormat.isKeyPrefix(keyPrefix)
      ? holders.findOperatorKey(keyPrefix)
      : holders.findApiKey(keyPrefix));
    if (found === null) throw apiKeyNotFound();
    return this.create(found, grantOf(found.identity), actor);
  }

  /**
   * A link that a key makes, for a session with its rights or fewer. The link is bound to the secret that was shown.
   *
   * @param plainText - the key, which is verified already
   * @throws IdentityError `api_key.scope_invalid`: a text is no scope
   * @throws IdentityError `api_key.scope_not_held`: the key does not hold a scope
   * @throws IdentityError `console_link.from_session`: a session of the console makes none, or it would never end
   */
  async byKey(
    plainText: string,
    caller: StoredCaller,
    { scopes, expiresIn }: ConsoleLinkRequest,
    origin: RequestOrigin,
  ): Promise<CreatedConsoleLink> {
    if (caller.session !== undefined) {
      throw new IdentityError('console_link.from_session', 'A session of the console makes no links: use an API key.');
    }
    const { auditEvents, holders, verifyApiKey } = this.parts;
    const grantor = grantorOf(caller, origin);
    const changes = scopes === undefined ? {} : { scopes };
    return auditEvents.auditEscalation(grantor, { apiKeyId: null, changes }, async () => {
      const grant = scopes === undefined ? caller.apiKey.grant : caller.apiKey.grant.narrow(scopes);
      const credential = await verifyApiKey.prove(caller.organization.id, plainText);
      const found = credential && (await holders.findApiKey(credential.secret.keyPrefix));
      if (found === null)
        throw new IdentityError('authentication.required', 'The calling key is not accepted any more.');
      return this.create(found, grant, grantor.actor, expiresIn);
    });
  }

  private async create(
    about: { readonly holder: ConsoleHolder; readonly identity: ConsoleIdentity },
    grant: ScopeGrant,
    actor: Actor,
    expiresIn = LINK_LIFETIME_SECONDS,
  ): Promise<CreatedConsoleLink> {
    const { sessions, events, random, clock } = this.parts;
    const code = consoleSecret(random);
    const createdAt = clock.now();
    const expiresAt = new Date(createdAt.getTime() + Math.min(expiresIn, LINK_LIFETIME_SECONDS) * 1000);
    const event = events.build('console_link.created', actor, about, {
      scopes: grant.scopes,
      unrestricted: grant.unrestricted,
      expires_at: expiresAt.toISOString(),
    });
    const link = { holder: about.holder, grant, createdAt, expiresAt };
    await sessions.insertLink({ link, codeHash: hashOfConsoleSecret(code), event });
    return { code, expiresAt };
  }
}
