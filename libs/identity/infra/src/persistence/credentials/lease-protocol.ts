import { randomUUID } from 'node:crypto';

/**
 * Leases on credentials, so that a verification needs no read and a revocation is still exact on every instance (ADR 44).
 * This file is the whole protocol, without PostgreSQL: an instance that answers from memory (`LeaseKeeper`), and a write
 * that waits until no instance can answer by what it has changed (`RevocationBarrier`). No decision of it depends on a
 * clock of the database: a lease counts as over when somebody has watched its row unrenewed for as long as it lasts.
 */

/** Periods of the protocol, in milliseconds. */
export interface LeaseTerms {
  /** How long an instance that hangs or is cut off can hold up a write, and how long a row is used after it was read. */
  readonly lease: number;
  /** An instance ends its own lease this much earlier: two clocks may go 1 % too fast and too slow. */
  readonly margin: number;
  readonly renewEvery: number;
}

/** The same in all instances. A version that makes the lease longer has to be preceded by one that waits longer. */
export const LEASE_TERMS: LeaseTerms = { lease: 3000, margin: 300, renewEvery: 1000 };

/** Clocks, in milliseconds. */
export interface LeaseClocks {
  /** Only runs forward, and at the speed of time to within 1 %. It may stand still while the machine is suspended. */
  monotonic(): number;
  /** Goes on while the machine is suspended. It may be set to any time. */
  wall(): number;
  sleep(milliseconds: number): Promise<void>;
}

/** A lease as others see it. */
export interface HolderState {
  readonly id: string;
  /** Changes with each renewal. */
  readonly renewals: string;
}

/** What a renewal finds. */
export interface Renewal {
  /** False when others took the lease for dead. */
  readonly isRegistered: boolean;
  /** Whether a transaction is under way that changes credentials and will not wait after its commit. */
  readonly isBlocked: boolean;
  /** The leases of all instances. */
  readonly holders: readonly HolderState[];
}

/** The connection of an instance that holds a lease. Its methods reject when the database does not answer in time. */
export interface LeaseConnection {
  /** Registers a lease that has confirmed everything that was committed before this statement. */
  register(id: string): Promise<void>;
  renew(id: string): Promise<Renewal>;
  /** Records that the instance has dropped what was changed up to this version. False without a registered lease. */
  confirm(id: string, version: number): Promise<boolean>;
  /** Removes those of these leases that were not renewed since. */
  evict(holders: readonly HolderState[]): Promise<void>;
  /** Removes the lease, if the database answers, and closes the connection. */
  close(id: string): Promise<void>;
}

/** What an instance hears on its connection. */
export type LeaseNotification =
  /** Credentials with this id of a key, an organization or a member have changed. */
  | { readonly changed: string }
  /** All changes that were committed before this version was drawn have been announced. */
  | { readonly version: number }
  /** A transaction waits for all leases to be given up. */
  | 'release';

/** The database as an instance that holds a lease sees it. */
export interface LeaseDatabase {
  /** Opens a connection on which everything is heard that is committed from then on, in the order of commits. */
  connect(hear: (notification: LeaseNotification) => void, onEnd: (reason: unknown) => void): Promise<LeaseConnection>;
}

/** The database as a write sees it. */
export interface BarrierDatabase {
  /**
   * Draws a version, in a transaction of its own that begins after the commit of the write, and announces it. Undefined when
   * no instance holds a lease.
   */
  announce(): Promise<number | undefined>;
  /** The leases that have not confirmed this version. */
  behind(version: number): Promise<readonly HolderState[]>;
  evict(holders: readonly HolderState[]): Promise<void>;
}

/** What an instance holds in memory. */
export interface HeldCredentials {
  drop(id: string): void;
  clear(): void;
}

interface Moment {
  readonly monotonic: number;
  readonly wall: number;
}

/** The lease of this instance: whether rows in memory may be used, and whether a row that was read may be kept. */
export class CredentialLease {
  #end: Moment | undefined;
  #renewedAt: Moment | undefined;
  #changes = 0;

  constructor(
    private readonly held: HeldCredentials,
    private readonly clocks: LeaseClocks,
    private readonly terms: LeaseTerms = LEASE_TERMS,
  ) {}

  /** To be asked at each use, and not by a timer: this process may have stood still until now. */
  get isHeld(): boolean {
    const { monotonic, wall } = this.now();
    return (
      this.#end !== undefined &&
      this.#renewedAt !== undefined &&
      monotonic < this.#end.monotonic &&
      wall < this.#end.wall &&
      wall >= this.#renewedAt.wall
    );
  }

  /** What a read remembers before it begins, for `mayKeep`. */
  get changes(): number {
    return this.#changes;
  }

  /** Whether rows may be kept of a read that began at `changes`: nothing was dropped since. */
  mayKeep(changes: number): boolean {
    return changes === this.#changes && this.isHeld;
  }

  now(): Moment {
    return { monotonic: this.clocks.monotonic(), wall: this.clocks.wall() };
  }

  /** A renewal was answered that was sent at this moment. */
  extend(sent: Moment): void {
    const lasts = this.terms.lease - this.terms.margin;
    this.#renewedAt = sent;
    this.#end = { monotonic: sent.monotonic + lasts, wall: sent.wall + lasts };
  }

  drop(id: string): void {
    this.#changes += 1;
    this.held.drop(id);
  }

  lose(): void {
    this.#changes += 1;
    this.#end = undefined;
    this.held.clear();
  }
}

/** Tells when a lease begins, and why it ends. */
export type LeaseListener = (isHeld: boolean, reason?: unknown) => void;

/** Why an instance has no lease while a transaction changes credentials that will not wait after its commit. */
class LeaseWithheldError extends Error {
  override readonly name = 'LeaseWithheldError';
}

/** Keeps the lease of this instance: one connection, one renewal a second. Without it nothing is in memory. */
export class LeaseKeeper {
  #isStopped = false;
  #session: LeaseSession | undefined;
  #isStarted = false;
  #ended: Promise<unknown> | undefined;
  #reported: boolean | undefined;

  constructor(
    private readonly lease: CredentialLease,
    private readonly database: LeaseDatabase,
    private readonly clocks: LeaseClocks,
    private readonly onChange: LeaseListener = () => undefined,
    private readonly terms: LeaseTerms = LEASE_TERMS,
  ) {}

  start(): void {
    if (this.#isStarted) return;
    this.#isStarted = true;
    void this.run();
  }

  /** Gives the lease up, so that no write waits for it, and acquires none any more. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    this.#session?.end(undefined);
    await this.#ended;
  }

  private async run(): Promise<void> {
    while (!this.#isStopped) {
      const session = new LeaseSession(this.lease, this.clocks, this.terms, () => {
        this.report(true);
      });
      this.#session = session;
      this.#ended = session.run(this.database);
      const reason = await this.#ended;
      // It will have its lease again within a second or so.
      if (!(reason instanceof LeaseWithheldError)) this.report(false, reason);
      await this.clocks.sleep(this.terms.renewEvery);
    }
  }

  private report(isHeld: boolean, reason?: unknown): void {
    if (this.#reported === isHeld) return;
    this.#reported = isHeld;
    this.onChange(isHeld, reason);
  }
}

/** One lease, from its connection to its end. */
class LeaseSession {
  readonly #id = randomUUID();
  #connection: LeaseConnection | undefined;
  #isOver = false;
  #reason: unknown;
  #confirmed = 0;
  #heard = 0;
  #isConfirming = false;
  #renewNow: () => void = () => undefined;

  constructor(
    private readonly lease: CredentialLease,
    private readonly clocks: LeaseClocks,
    private readonly terms: LeaseTerms,
    private readonly onHeld: () => void,
  ) {}

  /** Resolves with the reason of its end. */
  async run(database: LeaseDatabase): Promise<unknown> {
    try {
      this.#connection = await database.connect(
        (notification) => {
          this.hear(notification);
        },
        (reason) => {
          this.end(reason);
        },
      );
      await this.hold(this.#connection);
    } catch (error) {
      this.end(error);
    }
    await this.#connection?.close(this.#id);
    return this.#reason;
  }

  /** The lease is over, now. */
  end(reason: unknown): void {
    if (!this.#isOver) this.#reason = reason;
    this.#isOver = true;
    this.lease.lose();
    this.#renewNow();
  }

  private async hold(connection: LeaseConnection): Promise<void> {
    await connection.register(this.#id);
    const watch = new HolderWatch(this.clocks, this.terms);
    // The first renewal is what grants it: a transaction that blocks leases sees the row, or is seen here.
    while (await this.renew(connection, watch)) await this.pause();
  }

  private async renew(connection: LeaseConnection, watch: HolderWatch): Promise<boolean> {
    const sent = this.lease.now();
    const { isRegistered, isBlocked, holders } = await connection.renew(this.#id);
    if (!isRegistered) throw new Error('The lease was not renewed in time.');
    if (isBlocked) throw new LeaseWithheldError();
    // The connection has ended since, or this process stops.
    if (this.#isOver) return false;
    this.lease.extend(sent);
    this.onHeld();
    const dead = watch.overdue(holders.filter(({ id }) => id !== this.#id));
    if (dead.length > 0) await connection.evict(dead);
    return true;
  }

  private pause(): Promise<void> {
    return new Promise((resolve) => {
      this.#renewNow = resolve;
      if (this.#isOver) resolve();
      else void this.clocks.sleep(this.terms.renewEvery).then(resolve);
    });
  }

  private hear(notification: LeaseNotification): void {
    if (notification === 'release') this.#renewNow();
    else if ('changed' in notification) this.lease.drop(notification.changed);
    else this.reach(notification.version);
  }

  /** All that was changed before this version is dropped by now: notifications come in the order of commits. */
  private reach(version: number): void {
    this.#heard = Math.max(this.#heard, version);
    if (!this.#isConfirming) void this.confirm();
  }

  private async confirm(): Promise<void> {
    this.#isConfirming = true;
    try {
      while (!this.#isOver && this.#confirmed < this.#heard) {
        const version = this.#heard;
        if ((await this.#connection?.confirm(this.#id, version)) !== true) throw new Error('There is no such lease.');
        this.#confirmed = version;
      }
    } catch (error) {
      this.end(error);
    } finally {
      this.#isConfirming = false;
    }
  }
}

/** Finds leases that were not renewed for as long as they last, by the monotonic clock of this process alone. */
class HolderWatch {
  #seen = new Map<string, { readonly renewals: string; readonly since: number }>();

  constructor(
    private readonly clocks: LeaseClocks,
    private readonly terms: LeaseTerms,
  ) {}

  /** Those of these leases, as they were just read, that nobody holds any more. */
  overdue(holders: readonly HolderState[]): HolderState[] {
    const now = this.clocks.monotonic();
    const seen = this.#seen;
    this.#seen = new Map(
      holders.map(({ id, renewals }) => {
        const before = seen.get(id);
        return [id, before?.renewals === renewals ? before : { renewals, since: now }];
      }),
    );
    return holders.filter(({ id }) => now - (this.#seen.get(id)?.since ?? now) >= this.terms.lease);
  }
}

/** Pauses between two looks at what was confirmed, in milliseconds: each is twice the one before. */
const FIRST_PAUSE = 1;
const LONGEST_PAUSE = 50;

/** Waits after a write until no instance can answer by what was there before. */
export class RevocationBarrier {
  /** What has not announced its version yet: all that commits until then shares it. */
  #joining: Promise<void> | undefined;
  #announced: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly database: BarrierDatabase,
    private readonly clocks: LeaseClocks,
    private readonly terms: LeaseTerms = LEASE_TERMS,
  ) {}

  /**
   * To be called when the write is committed. Resolves within a lease or so, and never rejects: the write stands. Without an
   * answer of the database it waits for a whole lease, since every instance that is connected has heard of the change by
   * its notification, and every other one has lost its lease.
   */
  wait(): Promise<void> {
    return (this.#joining ??= this.waitTogether());
  }

  private async waitTogether(): Promise<void> {
    await this.#announced;
    this.#joining = undefined;
    const began = this.clocks.monotonic();
    try {
      const announcing = this.database.announce();
      this.#announced = announcing.catch(() => undefined);
      const version = await announcing;
      if (version !== undefined) await this.waitFor(version, began);
    } catch {
      await this.clocks.sleep(Math.max(0, began + this.terms.lease - this.clocks.monotonic()));
    }
  }

  private async waitFor(version: number, began: number): Promise<void> {
    const watch = new HolderWatch(this.clocks, this.terms);
    for (let pause = FIRST_PAUSE; ; pause = Math.min(2 * pause, LONGEST_PAUSE)) {
      const behind = await this.database.behind(version);
      if (behind.length === 0) return;
      // Nothing that we know of renews a lease and does not confirm. If it happens, the lease is taken away.
      const isStubborn = this.clocks.monotonic() - began > 2 * this.terms.lease;
      const dead = isStubborn ? behind : watch.overdue(behind);
      if (dead.length > 0) await this.database.evict(dead);
      if (isStubborn) await this.clocks.sleep(this.terms.lease);
      else if (dead.length === 0) await this.clocks.sleep(pause);
    }
  }
}
