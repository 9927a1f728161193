import type { ApiKeyCredential } from '@feather-identity/core';
import type { CredentialSource } from '../src/persistence/credentials/credential-source.js';
import {
  type BarrierDatabase,
  CredentialLease,
  type HolderState,
  type LeaseClocks,
  type LeaseConnection,
  type LeaseDatabase,
  LeaseKeeper,
  type LeaseNotification,
  type LeaseTerms,
  RevocationBarrier,
} from '../src/persistence/credentials/lease-protocol.js';
import { CredentialMemory, LeasedCredentialSource } from '../src/persistence/credentials/leased-credential-source.js';

/** What a mutation of the protocol takes away. The model without any runs the code of the product as it is. */
export interface Mutation {
  readonly terms?: LeaseTerms;
  /** An instance confirms a version before it drops what was changed. */
  readonly confirmsBeforeDrop?: boolean;
  /** A read that was under way fills the memory after a notification. */
  readonly fillsAfterNotification?: boolean;
  readonly skipsWait?: boolean;
  /** A write draws its version inside of its transaction. */
  readonly drawsBeforeCommit?: boolean;
  /** A promoted database counts as complete. */
  readonly trustsPromotedDatabase?: boolean;
  /** Only the monotonic clock ends a lease. */
  readonly ignoresWallClock?: boolean;
}

/** A pseudo-random source with a seed: a number from 0 to 1. */
export type Random = () => number;

const KEYS = ['a', 'b', 'c'];
const COMPLETE = 'complete';

interface Timer {
  readonly at: number;
  readonly run: () => void;
}

/** Real time, which nobody but the model knows, and what happens in it. */
class World {
  now = 0;
  readonly #timers: Timer[] = [];

  constructor(
    readonly random: Random,
    private readonly slowness: number,
    private readonly latency: number,
  ) {}

  at(time: number, run: () => void): void {
    const timer = { at: Math.max(time, this.now), run };
    let from = 0;
    let to = this.#timers.length;
    // The next one is the last.
    while (from < to) {
      const middle = (from + to) >>> 1;
      if ((this.#timers[middle] as Timer).at > timer.at) from = middle + 1;
      else to = middle;
    }
    this.#timers.splice(from, 0, timer);
  }

  after(milliseconds: number, run: () => void): void {
    this.at(this.now + milliseconds, run);
  }

  between(from: number, to: number): number {
    return from + this.random() * (to - from);
  }

  chance(probability: number): boolean {
    return this.random() < probability;
  }

  /** How long a message travels: mostly a moment, sometimes long. */
  delay(): number {
    return this.chance(this.slowness) ? this.between(20, 200) : this.between(0.1, 1) * this.latency;
  }

  async runUntil(end: number): Promise<void> {
    for (;;) {
      const next = this.#timers.pop();
      if (next === undefined || next.at > end) return;
      this.now = next.at;
      next.run();
      // All that follows without a pause, before anything else happens.
      for (let turn = 0; turn < 12; turn += 1) await Promise.resolve();
    }
  }
}

interface Lease {
  renewals: number;
  confirmed: number;
}

/** PostgreSQL: one after the other, in real time. */
class Database {
  readonly revoked = new Set<string>();
  readonly leases = new Map<string, Lease>();
  #version = 100;
  #listeners = new Map<Link, true>();
  #emptied = 0;

  constructor(private readonly mutation: Mutation) {
    this.complete();
  }

  complete(): void {
    this.leases.set(COMPLETE, { renewals: 0, confirmed: Number.POSITIVE_INFINITY });
  }

  get isComplete(): boolean {
    return this.leases.get(COMPLETE)?.confirmed === Number.POSITIVE_INFINITY;
  }

  draw(): number {
    this.#version += 1;
    return this.#version;
  }

  listen(link: Link): void {
    this.#listeners.set(link, true);
  }

  unlisten(link: Link): void {
    this.#listeners.delete(link);
  }

  notify(notification: LeaseNotification): void {
    for (const link of this.#listeners.keys()) link.deliver(notification);
  }

  /** Crashes and starts again, or a standby takes over: the table is empty, and every connection breaks. */
  restart(): void {
    this.leases.clear();
    if (this.mutation.trustsPromotedDatabase === true) this.complete();
    for (const link of this.#listeners.keys()) link.break();
    this.#listeners.clear();
  }

  register(id: string): void {
    this.#emptied += 1;
    if (!this.leases.has(COMPLETE)) this.leases.set(COMPLETE, { renewals: this.#emptied, confirmed: 0 });
    this.leases.set(id, { renewals: 0, confirmed: this.draw() });
  }

  holders(behind = Number.POSITIVE_INFINITY): HolderState[] {
    const holders = [...this.leases]
      .filter(([, { confirmed }]) => confirmed < behind)
      .map(([id, { renewals }]) => ({ id, renewals: String(renewals) }));
    return this.leases.has(COMPLETE) ? holders : [...holders, { id: COMPLETE, renewals: '' }];
  }

  evict(holders: readonly HolderState[]): void {
    for (const { id, renewals } of holders) {
      const lease = this.leases.get(id);
      if (String(lease?.renewals ?? '') !== renewals) continue;
      if (id === COMPLETE) this.complete();
      else this.leases.delete(id);
    }
  }
}

/** The process of an instance or a command: its clocks, and whether it runs. */
class Process {
  readonly #rate: number;
  #base = 0;
  #baseAt = 0;
  #isRunning = true;
  #isSuspended = false;
  #isCatchingUp = false;
  #wallOffset: number;
  readonly #waiting: (() => void)[] = [];

  /** @param rate - of its clocks: up to 1 % wrong */
  constructor(
    readonly world: World,
    rate: number,
  ) {
    this.#rate = rate;
    this.#wallOffset = world.between(-1e6, 1e6);
  }

  get clocks(): LeaseClocks {
    return {
      monotonic: () => this.monotonic,
      wall: () => this.world.now * this.#rate + this.#wallOffset,
      sleep: (milliseconds) =>
        new Promise((resolve) => {
          this.world.after(milliseconds / this.#rate, () => {
            this.whenRunning(resolve);
          });
        }),
    };
  }

  get isRunning(): boolean {
    return this.#isRunning;
  }

  private get monotonic(): number {
    if (this.#isSuspended) return this.#base;
    return this.#base + (this.world.now - this.#baseAt) * this.#rate;
  }

  whenRunning(run: () => void): void {
    if (this.#isRunning && !this.#isCatchingUp) run();
    else this.#waiting.push(run);
  }

  /** Stands still: SIGSTOP, a busy event loop; or the machine is suspended, where the monotonic clock stands still, too. */
  pause(milliseconds: number, isSuspended: boolean): void {
    if (!this.#isRunning) return;
    this.#base = this.monotonic;
    this.#baseAt = this.world.now;
    this.#isRunning = false;
    this.#isSuspended = isSuspended;
    this.world.after(milliseconds, () => {
      this.#base = this.monotonic;
      this.#baseAt = this.world.now;
      this.#isRunning = true;
      this.#isSuspended = false;
      // The network of a machine that wakes up takes longer than the requests that it has for itself.
      this.#isCatchingUp = true;
      this.world.after(isSuspended ? this.world.between(0, 100) : this.world.between(0, 0.1), () => {
        if (!this.#isRunning) return;
        this.#isCatchingUp = false;
        for (const run of this.#waiting.splice(0)) this.world.after(0, run);
      });
    });
  }

  /** Somebody sets the clock, but not while the machine is suspended: nothing protects from both at once. */
  setWallClock(difference: number): void {
    this.#wallOffset += difference;
  }

  /** A statement: travels, runs at one moment, and its answer travels back. Rejects if the network loses it. */
  ask<T>(statement: () => T, link?: Link): Promise<T> {
    return new Promise((resolve, reject) => {
      const lost = (): void => {
        // Safety may not depend on it.
        this.world.after(this.world.between(1000, 6000), () => {
          this.whenRunning(() => {
            reject(new Error('no answer'));
          });
        });
      };
      if (link?.isBroken === true || this.isCutOff) {
        lost();
        return;
      }
      this.world.after(this.world.delay(), () => {
        if (link?.isBroken === true || this.isCutOff) {
          lost();
          return;
        }
        const answer = statement();
        // The answer comes after everything that the server has sent before on this connection.
        const arrives = link?.arrival() ?? this.world.now + this.world.delay();
        this.world.at(arrives, () => {
          if (link?.isBroken === true || this.isCutOff) lost();
          else {
            this.whenRunning(() => {
              resolve(answer);
            });
          }
        });
      });
    });
  }

  isCutOff = false;
}

/** A connection on which an instance listens: everything arrives in the order in which it was sent. */
class Link {
  isBroken = false;
  #lastArrival = 0;

  constructor(
    private readonly process: Process,
    private readonly hear: (notification: LeaseNotification) => void,
    private readonly onEnd: (reason: unknown) => void,
  ) {}

  arrival(): number {
    const { world } = this.process;
    this.#lastArrival = Math.max(this.#lastArrival, world.now + world.delay());
    return this.#lastArrival;
  }

  deliver(notification: LeaseNotification): void {
    this.process.world.at(this.arrival(), () => {
      if (this.isBroken || this.process.isCutOff) return;
      this.process.whenRunning(() => {
        if (!this.isBroken) this.hear(notification);
      });
    });
  }

  break(): void {
    this.isBroken = true;
    const { world } = this.process;
    // Without a network nobody notices.
    if (this.process.isCutOff) return;
    world.after(world.delay(), () => {
      this.process.whenRunning(() => {
        this.onEnd(new Error('broken'));
      });
    });
  }
}

class LeakyLease extends CredentialLease {
  constructor(
    private readonly mutation: Mutation,
    private readonly world: World,
    memory: CredentialMemory,
    clocks: LeaseClocks,
  ) {
    super(memory, mutation.ignoresWallClock === true ? { ...clocks, wall: () => 0 } : clocks, mutation.terms);
  }

  override drop(id: string): void {
    if (this.mutation.confirmsBeforeDrop !== true) super.drop(id);
    else {
      this.world.after(50, () => {
        super.drop(id);
      });
    }
  }

  override mayKeep(changes: number): boolean {
    return this.mutation.fillsAfterNotification === true ? this.isHeld : super.mayKeep(changes);
  }
}

class Instance {
  readonly process: Process;
  readonly source: LeasedCredentialSource;
  readonly keeper: LeaseKeeper;
  #link: Link | undefined;

  constructor(
    world: World,
    private readonly database: Database,
    mutation: Mutation,
    rate: number,
  ) {
    this.process = new Process(world, rate);
    const { clocks } = this.process;
    const memory = new CredentialMemory();
    const lease = new LeakyLease(mutation, world, memory, clocks);
    this.keeper = new LeaseKeeper(lease, this.leaseDatabase(), clocks, undefined, mutation.terms);
    this.source = new LeasedCredentialSource(this.strictSource(), memory, lease, clocks, mutation.terms);
    this.keeper.start();
  }

  breakLink(): void {
    if (this.#link === undefined) return;
    this.database.unlisten(this.#link);
    this.#link.break();
  }

  /** Asks the database each time. */
  private strictSource(): CredentialSource {
    return {
      queries: 0,
      snapshot: async (keyPrefixes) => {
        const rows = await this.process.ask(
          () => new Map(keyPrefixes.map((key) => [key, credentialOf(key, this.database.revoked.has(key))])),
        );
        return (keyPrefix) => rows.get(keyPrefix) ?? null;
      },
    };
  }

  private leaseDatabase(): LeaseDatabase {
    const { process, database } = this;
    return {
      connect: async (hear, onEnd) => {
        const link = new Link(process, hear, onEnd);
        await process.ask(() => {
          this.#link = link;
          database.listen(link);
        });
        return {
          register: (id) =>
            process.ask(() => {
              database.register(id);
            }, link),
          renew: (id) =>
            process.ask(() => {
              const lease = database.leases.get(id);
              if (lease !== undefined) lease.renewals += 1;
              return { isRegistered: lease !== undefined, isBlocked: false, holders: database.holders() };
            }, link),
          confirm: (id, version) =>
            process.ask(() => {
              const lease = database.leases.get(id);
              if (lease !== undefined) lease.confirmed = version;
              return lease !== undefined;
            }, link),
          evict: (holders) =>
            process.ask(() => {
              database.evict(holders);
            }, link),
          close: async (id) => {
            await process
              .ask(() => {
                database.leases.delete(id);
              }, link)
              .catch(() => undefined);
            database.unlisten(link);
            link.isBroken = true;
          },
        } satisfies LeaseConnection;
      },
    };
  }
}

function credentialOf(id: string, isRevoked: boolean): ApiKeyCredential {
  return {
    secret: { id: `secret of ${id}` },
    apiKey: { id, revokedAt: isRevoked ? new Date(0) : null },
    organization: { id: 'o', policy: {} },
    member: { id: 'm' },
  } as unknown as ApiKeyCredential;
}

/** An accept that began after the revocation of its key was acknowledged. */
interface Violation {
  readonly key: string;
  readonly acknowledgedAt: number;
  readonly beganAt: number;
}

/** What came of a run. */
export interface Outcome {
  readonly violations: readonly Violation[];
  readonly acknowledged: number;
  /** The longest wait of an acknowledged revocation, in milliseconds. */
  readonly longestWait: number;
  readonly accepted: number;
}

/** What may go wrong in a run. */
export const TROUBLES = ['pause', 'suspend', 'cut off', 'broken link', 'restart', 'clock'] as const;
type Trouble = (typeof TROUBLES)[number];

/** What happens in a run, in milliseconds of real time. Requests begin at 2000. */
export interface Scenario {
  /** Each with the moment at which it begins, and the instance that it befalls. Default: none. */
  readonly troubles?: readonly (readonly [trouble: Trouble, at: number, instance: number])[];
  /** When the keys are revoked. Default: while all rows are held. */
  readonly revokedBetween?: readonly [from: number, to: number];
  /** How long the others take at most. Default: 3. */
  readonly latency?: number;
  /** The share of messages that take 20 to 200 milliseconds. Default: 0.05. */
  readonly slowness?: number;
  /** How fast the clock of each of the three instances is. Default: from 0.99 to 1.01. */
  readonly rates?: readonly (number | undefined)[];
}

/**
 * Runs three instances, which all verify the same three keys all the time, and revokes the keys one after the other,
 * while things go wrong. Some writers crash between commit and acknowledgement: theirs are never acknowledged.
 *
 * @param mutation - what is taken away from the protocol. Default: nothing
 */
export async function simulate(
  random: Random,
  {
    troubles = [],
    revokedBetween: [from, to] = [2500, 4500],
    slowness = 0.05,
    latency = 3,
    rates = [undefined, undefined, undefined],
  }: Scenario = {},
  mutation: Mutation = {},
): Promise<Outcome> {
  const world = new World(random, slowness, latency);
  const database = new Database(mutation);
  const instances = rates.map((rate) => new Instance(world, database, mutation, rate ?? world.between(0.99, 1.01)));
  const acknowledged = new Map<string, number>();
  const violations: Violation[] = [];
  let longestWait = 0;
  let accepted = 0;

  const verify = ({ source, process }: Instance, key: string): void => {
    if (!process.isRunning) return;
    const beganAt = world.now;
    // A request that began before may be answered late; one that begins now may not be accepted.
    const since = acknowledged.get(key);
    const held = source.held(key);
    const finding = held === undefined ? source.snapshot([key]) : Promise.resolve(() => held);
    finding.then(
      (snapshot) => {
        if (snapshot(key)?.apiKey.revokedAt !== null) return;
        accepted += 1;
        if (since !== undefined) violations.push({ key, acknowledgedAt: since, beganAt });
      },
      () => undefined,
    );
  };
  const revoke = (key: string): void => {
    const writer = (instances[Math.floor(world.random() * 3)] as Instance).process;
    const crashes = world.chance(0.1);
    let beganAt = 0;
    let drawn: number | undefined;
    const barrier = new RevocationBarrier(
      barrierOf(database, writer, mutation, () => drawn),
      writer.clocks,
      mutation.terms,
    );
    const commit = async (): Promise<void> => {
      if (mutation.drawsBeforeCommit === true) {
        drawn = await writer.ask(() => database.draw());
        await writer.clocks.sleep(world.between(0, 100));
      }
      await writer.ask(() => {
        beganAt = world.now;
        database.revoked.add(key);
        database.notify({ changed: key });
      });
      if (crashes) return;
      if (mutation.skipsWait !== true) await barrier.wait();
      acknowledged.set(key, world.now);
      longestWait = Math.max(longestWait, world.now - beganAt);
    };
    writer.whenRunning(() => {
      commit().catch(() => undefined);
    });
  };

  for (const [instance, running] of instances.entries()) {
    for (const key of KEYS) {
      const next = (): void => {
        const since = acknowledged.get(key);
        if (since !== undefined && world.now > since + AFTERMATH) return;
        verify(running, key);
        world.after(world.between(5, 30), next);
      };
      world.at(BEGIN + instance, next);
    }
  }
  for (const key of KEYS) {
    world.at(world.between(from, to), () => {
      revoke(key);
    });
  }
  for (const [trouble, at, which] of troubles) {
    world.at(at, () => {
      befall(world, database, instances[which] as Instance, trouble);
    });
  }
  await world.runUntil(END);
  return { violations, acknowledged: acknowledged.size, longestWait, accepted };
}

/** Of the requests of a run, and of the run, in milliseconds. */
const BEGIN = 2000;
const END = 8500;

/** For how long requests go on with a key that was revoked, in milliseconds: longer than any lease. */
const AFTERMATH = 3500;

function befall(world: World, database: Database, instance: Instance, trouble: Trouble): void {
  const { process } = instance;
  switch (trouble) {
    case 'pause':
      process.pause(world.between(50, 5000), false);
      break;
    case 'suspend':
      process.pause(world.between(50, 5000), true);
      break;
    case 'cut off':
      process.isCutOff = true;
      world.after(world.between(500, 5000), () => {
        process.isCutOff = false;
        // What was lost on the way breaks the connection.
        instance.breakLink();
      });
      break;
    case 'broken link':
      instance.breakLink();
      break;
    case 'restart':
      database.restart();
      break;
    case 'clock':
      process.setWallClock(world.between(-1e5, 1e5));
      break;
  }
}

function barrierOf(
  database: Database,
  writer: Process,
  { drawsBeforeCommit }: Mutation,
  drawn: () => number | undefined,
): BarrierDatabase {
  return {
    announce: () =>
      writer.ask(() => {
        if (database.isComplete && database.leases.size === 1) return undefined;
        const version = (drawsBeforeCommit === true ? drawn() : undefined) ?? database.draw();
        database.notify({ version });
        return version;
      }),
    behind: (version) => writer.ask(() => database.holders(version)),
    evict: (holders) =>
      writer.ask(() => {
        database.evict(holders);
      }),
  };
}
