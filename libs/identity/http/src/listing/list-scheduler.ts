import type { ServerResponse } from 'node:http';
import { performance } from 'node:perf_hooks';
import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises';
import { VerificationMetrics } from '@feather-identity/core';
import { jsonArrayStream, type TextHeaders, textStream } from '@feather-identity/shared-http';
import { ApiError } from '@feather-identity/shared-http/errors';
import { Inject, Injectable, Optional, type StreamableFile } from '@nestjs/common';
import PQueue from 'p-queue';

/** Bounds of a `ListScheduler`. */
export interface ListLimits {
  /** Lists of one organization that are read and sent at once. */
  readonly perOrganization: number;
  /**
   * Lists of all organizations that are read and sent at once. Each may hold two parts of at most 250 KB that its
   * client has not read.
   */
  readonly inAll: number;
  /** Lists of one organization that may wait for a place. */
  readonly waiting: number;
  /** How long a list waits for a place, in milliseconds. */
  readonly waitMs: number;
  /** How long a client may read nothing before it is disconnected, in milliseconds; it may take up to twice as long. */
  readonly stalledMs: number;
  /** How long a client may take for a part of its answer, in milliseconds: else it is disconnected, however little it reads. */
  readonly partMs: number;
  /** How long lists wait after a part at most, in milliseconds, if the process is never idle. */
  readonly pauseMs: number;
}

/** A list whose first items are read, and the others not yet. */
interface ListInParts<Source> {
  readonly first: readonly Source[];
  readonly rest: AsyncGenerator<readonly Source[], void> | null;
}

/** A text whose first part is ready, and the others are not read yet. */
interface TextInParts<Source> {
  readonly first: string;
  readonly rest: AsyncGenerator<readonly Source[], void>;
  readonly toText: (part: readonly Source[]) => string;
}

/** The token that other limits are provided under. */
export const LIST_LIMITS = Symbol('feather-identity list limits');

const DEFAULT_LIMITS: ListLimits = {
  perOrganization: 2,
  inAll: 64,
  waiting: 100,
  waitMs: 5000,
  stalledMs: 10_000,
  partMs: 60_000,
  pauseMs: 25,
};

const RETRY_AFTER_SECONDS = 1;

/**
 * Timers may be late by as much as a part takes, so a rest of a pause up to this share of it is not worth another
 * timer.
 */
const REST_OF_PAUSE = 0.1;

/**
 * Keeps lists from starving other requests: how many are under way is bounded, and of all of them one part is read and
 * written at a time, in a turn of the event loop of its own.
 */
@Injectable()
export class ListScheduler {
  readonly #organizations = new Map<string, PQueue>();
  readonly #all: PQueue;
  readonly #parts = new PQueue({ concurrency: 1 });

  constructor(
    private readonly metrics: VerificationMetrics,
    @Optional() @Inject(LIST_LIMITS) private readonly limits: ListLimits = DEFAULT_LIMITS,
  ) {
    this.#all = new PQueue({ concurrency: limits.inAll });
  }

  /** Lists that have a place. */
  get running(): number {
    return this.#all.pending;
  }

  /**
   * Waits for a place, which the list keeps until its response is closed. Throws 429 if too many lists of the
   * organization wait or this one waits too long for them, and 503 if it waits too long for lists of other
   * organizations.
   */
  async admit(organizationId: string, response: ServerResponse): Promise<void> {
    const queue = this.queueOf(organizationId);
    if (queue.size >= this.limits.waiting) throw this.tooMany();
    const wait = new AbortController();
    const { signal } = wait;
    const closed = closingOf(response);
    let refusal = (): ApiError => this.tooMany();
    const timer = setTimeout(() => wait.abort(refusal()), this.limits.waitMs);
    await new Promise<void>((resolve, reject) => {
      const hold = (): Promise<void> => {
        clearTimeout(timer);
        resolve();
        return closed;
      };
      const enter = (): Promise<void> => {
        refusal = busy;
        return this.#all.add(hold, { signal });
      };
      queue.add(enter, { signal }).catch(reject);
      // A client that has left gives up its place in line.
      void closed.then(() => {
        clearTimeout(timer);
        wait.abort(busy());
      });
    });
  }

  /**
   * Does a part of the work of a list when its turn comes. Afterwards all lists pause until the process has been idle
   * for as long as it was busy with the part: lists use only time that other requests leave, and at most half of that.
   */
  part<T>(work: () => Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      void this.#parts.add(async () => {
        await nextTurn();
        const before = performance.eventLoopUtilization();
        const done = work();
        done.then(resolve, reject);
        await done.catch(() => undefined);
        // What came of it is written in this turn.
        await nextTurn();
        await this.untilIdle(performance.eventLoopUtilization(before).active);
      });
    });
  }

  /** Resolves when the process has been idle for this many milliseconds, or when the longest pause is over. */
  private async untilIdle(ms: number): Promise<void> {
    const before = performance.eventLoopUtilization();
    const deadline = performance.now() + this.limits.pauseMs;
    let left = ms;
    do {
      await sleep(Math.max(0, Math.min(left, deadline - performance.now())), undefined, { ref: false });
      left = ms - performance.eventLoopUtilization(before).idle;
    } while (left > REST_OF_PAUSE * ms && performance.now() < deadline);
  }

  /**
   * What a handler returns to answer with a list: the items themselves if there is no rest, otherwise a stream of
   * parts. A client that reads nothing of it is disconnected, whatever the time-outs of the server.
   */
  send<Source, Item>(
    response: ServerResponse,
    { first, rest }: ListInParts<Source>,
    toItem: (source: Source) => Item,
  ): Item[] | StreamableFile {
    this.endWhenStalled(response);
    const items = first.map(toItem);
    if (rest === null) return items;
    const toText = (part: readonly Source[]) => JSON.stringify(part.map(toItem));
    return jsonArrayStream(response, this.parts(response, JSON.stringify(items), rest, toText));
  }

  /**
   * What a handler returns to answer with a text of which the first part is ready, and the others are read as the client
   * takes it. Clients that read nothing are treated as by `send`.
   */
  sendText<Source>(
    response: ServerResponse,
    headers: TextHeaders,
    { first, rest, toText }: TextInParts<Source>,
  ): StreamableFile {
    this.endWhenStalled(response);
    return textStream(response, headers, this.parts(response, first, rest, toText));
  }

  private async *parts<Source>(
    response: ServerResponse,
    first: string,
    rest: AsyncGenerator<readonly Source[], void>,
    toText: (part: readonly Source[]) => string,
  ): AsyncGenerator<string, void> {
    const readPart = async (): Promise<string | null> => {
      // The client may have gone while the list waited for its turn.
      const part = await (response.closed ? rest.return() : rest.next());
      return part.done === true ? null : toText(part.value);
    };
    // Two clients that take a byte now and then would keep the places of their organization for days.
    let slow: NodeJS.Timeout | undefined;
    try {
      for (let text: string | null = first; text !== null; text = await this.part(readPart)) {
        slow = setTimeout(() => response.destroy(), this.limits.partMs).unref();
        yield text;
        clearTimeout(slow);
      }
    } finally {
      clearTimeout(slow);
      await rest.return();
    }
  }

  /** Disconnects a client that takes nothing of its answer, whatever the time-outs of the server. */
  endWhenStalled(response: ServerResponse): void {
    const { stalledMs } = this.limits;
    const { socket } = response;
    const usual = socket?.timeout ?? 0;
    response.setTimeout(stalledMs, () => {
      // Otherwise it is the client that waits, for the turn of its list.
      if (response.writableLength > 0) response.destroy();
    });
    response.once('close', () => {
      // Node has put its own in place, unless it keeps idle connections for ever.
      if (socket?.timeout === stalledMs) socket.setTimeout(usual);
    });
  }

  private queueOf(organizationId: string): PQueue {
    const known = this.#organizations.get(organizationId);
    if (known !== undefined) return known;
    const queue = new PQueue({ concurrency: this.limits.perOrganization });
    this.#organizations.set(organizationId, queue);
    queue.on('idle', () => this.#organizations.delete(organizationId));
    return queue;
  }

  private tooMany(): ApiError {
    this.metrics.limited += 1;
    return new ApiError({
      status: 429,
      error: 'rate_limited',
      message: 'The organization has too many lists under way. Read those, then try again.',
      retryAfter: RETRY_AFTER_SECONDS,
    });
  }
}

function busy(): ApiError {
  return new ApiError({
    status: 503,
    error: 'service_unavailable',
    message: 'The service has too many lists under way. Try again shortly.',
    retryAfter: RETRY_AFTER_SECONDS,
  });
}

/** Resolves when the answer is out, or its connection closed. */
function closingOf(response: ServerResponse): Promise<void> {
  return new Promise((resolve) => {
    if (response.closed) resolve();
    else response.once('close', resolve);
  });
}
