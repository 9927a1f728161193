import {
  type ConsoleEvent,
  ConsoleSessions,
  type NewConsoleLink,
  type NewConsoleSession,
  type OpeningTerms,
} from '../../application/ports/console-sessions.js';
import {
  type ConsoleHolder,
  type ConsoleLink,
  type ConsoleSession,
  MAX_SESSIONS,
} from '../../domain/console-session.js';
import { linkUsed } from '../../domain/console-session.js';
import type { InMemoryOperatorKeyRepository } from './in-memory-operator-key-repository.js';
import type { InMemoryStore } from './in-memory-store.js';

/** Sessions and links in memory, with every promise of the port but durability. */
export class InMemoryConsoleSessions extends ConsoleSessions {
  /** By the hash of the code. */
  readonly links = new Map<string, ConsoleLink>();
  /** By the hash of the secret. */
  readonly sessions = new Map<string, ConsoleSession>();

  constructor(
    private readonly store: InMemoryStore,
    private readonly operatorKeys: InMemoryOperatorKeyRepository,
  ) {
    super();
  }

  override async insertLink({ link, codeHash, event }: NewConsoleLink): Promise<void> {
    for (const [hash, { expiresAt }] of this.links) if (expiresAt <= link.createdAt) this.links.delete(hash);
    this.links.set(codeHash, link);
    this.addEvent(event);
  }

  override async findLink(codeHash: string, now: Date): Promise<ConsoleLink | null> {
    const link = this.links.get(codeHash);
    return link !== undefined && now < link.expiresAt ? link : null;
  }

  override async insert(created: NewConsoleSession, terms: OpeningTerms): Promise<void> {
    const { session, secretHash, event, linkHash } = created;
    if (linkHash !== undefined && !this.links.delete(linkHash)) throw linkUsed();
    const { createdUntil, lastSeenUntil, maxSessions, endingOf } = terms;
    for (const [hash, { createdAt, lastSeenAt }] of this.sessions)
      if (createdAt <= createdUntil || lastSeenAt <= lastSeenUntil) this.sessions.delete(hash);
    this.sessions.set(secretHash, session);
    this.addEvent(event);
    const own = [...this.sessions].filter(([, each]) => isHeldBy(each, session.holder)).sort(lastSeenFirst);
    for (const [hash, each] of own.slice(maxSessions)) {
      this.sessions.delete(hash);
      this.addEvent(endingOf(each));
    }
  }

  override async find(secretHash: string): Promise<ConsoleSession | null> {
    return this.sessions.get(secretHash) ?? null;
  }

  override async list(holder: ConsoleHolder | null): Promise<ConsoleSession[]> {
    return [...this.sessions.values()]
      .filter((session) => (holder === null ? session.holder.kind !== 'api_key' : isHeldBy(session, holder)))
      .sort((a, b) => (a.id < b.id ? 1 : -1))
      .slice(0, MAX_SESSIONS);
  }

  override async end(sessionId: string, event: ConsoleEvent): Promise<boolean> {
    const [hash] = [...this.sessions].find(([, { id }]) => id === sessionId) ?? [];
    if (hash === undefined) return false;
    this.sessions.delete(hash);
    this.addEvent(event);
    return true;
  }

  override async recordSeen(sessionId: string, at: Date): Promise<void> {
    for (const [hash, session] of this.sessions)
      if (session.id === sessionId && session.lastSeenAt < at) this.sessions.set(hash, { ...session, lastSeenAt: at });
  }

  private addEvent(event: ConsoleEvent): void {
    if (event.organizationId === undefined) this.operatorKeys.events.push(event);
    else this.store.addEvent(event);
  }
}

function isHeldBy({ holder }: ConsoleSession, other: ConsoleHolder): boolean {
  if (holder.kind === 'operator' || other.kind === 'operator') return holder.kind === other.kind;
  return holder.kind === other.kind && holder.apiKeyId === other.apiKeyId;
}

function lastSeenFirst([, a]: [string, ConsoleSession], [, b]: [string, ConsoleSession]): number {
  return b.lastSeenAt.getTime() - a.lastSeenAt.getTime() || (a.id < b.id ? 1 : -1);
}
