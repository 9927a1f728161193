import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { type ApiKey, type ApiKeyPage, IdentityError, ScopeGrant, UNUSED } from '@feather-identity/core';
import { aNewApiKey } from '@feather-identity/core/testing';
import { describe, expect, it } from '@jest/globals';
import type { DynamicModule } from '@nestjs/common';
import { PLATFORMS, type Platform, startPlainApp } from '../../testing/guarded-hosts.js';
import { type Backing, createBacking, createTenant, startHost, type Tenant } from '../../testing/host.js';
import { KEYS, send, sendRaw } from '../../testing/requests.js';
import { toApiKeyResponse } from '../api-keys/api-key.response.js';
import { IdentityModule, type IdentityModuleOptions } from '../index.js';
import { LIST_LIMITS, type ListLimits, ListScheduler } from './list-scheduler.js';

const PART = 50;
const PATIENCE_MS = 10_000;
const LIMITS: ListLimits = {
  perOrganization: 2,
  inAll: 3,
  waiting: 4,
  waitMs: 400,
  stalledMs: 300,
  partMs: 60_000,
  pauseMs: 25,
};
const SHORT = 'a:read';
/** 100 KB, so that so many keys are more than the kernel takes for a client that does not read. */
const LONG = `a:${'x'.repeat(100_000)}`;
const MANY = 200;

const withLimits =
  (limits: ListLimits) =>
  (options: IdentityModuleOptions): DynamicModule => {
    const module = IdentityModule.forRoot(options);
    return { ...module, providers: [...(module.providers ?? []), { provide: LIST_LIMITS, useValue: limits }] };
  };

const request = (key: string, ...headers: string[]) =>
  [`GET ${KEYS} HTTP/1.1`, 'Host: a', `x-api-key: ${key}`, ...headers, '', ''].join('\r\n');

async function eventually(isSo: () => boolean): Promise<void> {
  const deadline = performance.now() + PATIENCE_MS;
  while (!isSo() && performance.now() < deadline) await sleep(10);
  expect(isSo()).toBe(true);
}

/** An application that lists keys, with what the tests do to it. */
class Listing {
  readonly #sockets: Socket[] = [];

  private constructor(
    readonly port: number,
    readonly backing: Backing,
    readonly tenant: Tenant,
    readonly scheduler: ListScheduler,
    private readonly closeApp: () => Promise<void>,
  ) {}

  static async start(platform: Platform | 'ours', limits: ListLimits): Promise<Listing> {
    if (platform === 'ours') {
      const host = await startHost({ importIdentity: withLimits(limits) });
      const { app, port } = host;
      return new Listing(port, host, await createTenant(host), app.get(ListScheduler), () => app.close());
    }
    const backing = createBacking();
    const app = await startPlainApp(platform, withLimits(limits)(backing.options));
    const port = Number(new URL(await app.getUrl()).port);
    return new Listing(port, backing, await createTenant(backing), app.get(ListScheduler), () => app.close());
  }

  async close(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await this.closeApp();
  }

  /** Stores keys until the tenant has so many, and answers all of them as they are listed. */
  async fill(count: number, scope = SHORT, { owner, organization }: Tenant = this.tenant): Promise<ApiKey[]> {
    const { apiKeys } = this.backing;
    const stored = await apiKeys.list(organization.id);
    const grant = ScopeGrant.of([scope]);
    // Not by `insert`, which looks at all keys each time.
    for (let index = stored.length; index < count; index += 1) apiKeys.store.putApiKey(aNewApiKey(owner, { grant }));
    return apiKeys.list(organization.id);
  }

  /** Counts the parts that are read, and their rows. */
  watchReads(onRead: (count: number, rows: number) => void = () => undefined) {
    const watch = { reads: 0, rows: 0 };
    const { apiKeys } = this.backing;
    const list = apiKeys.list.bind(apiKeys);
    apiKeys.list = async (organizationId: string, page: ApiKeyPage = {}) => {
      // The fake looks for the end of a page in the list.
      const isPart = (page.limit ?? Infinity) <= PART + 1;
      const keys = await list(organizationId, page);
      if (!isPart) return keys;
      watch.reads += 1;
      watch.rows += keys.length;
      onRead(watch.reads, keys.length);
      return keys;
    };
    return watch;
  }

  ask(key = this.tenant.key): Socket {
    const socket = connect(this.port, '127.0.0.1').on('error', () => undefined);
    socket.write(request(key));
    this.#sockets.push(socket);
    return socket;
  }
}

/** Runs a test with an application of its own: those that wait most of their time do it together. */
const withListing =
  (run: (listing: Listing) => Promise<void>, limits: Partial<ListLimits> = {}, platform: Platform | 'ours' = 'ours') =>
  async (): Promise<void> => {
    const listing = await Listing.start(platform, { ...LIMITS, ...limits });
    try {
      await run(listing);
    } finally {
      await listing.close();
    }
  };

const APPLICATIONS = ['ours', ...(Object.keys(PLATFORMS) as Platform[])] as const;

describe('the list of keys', () => {
  describe.each(APPLICATIONS)('of an application on %s', (platform) => {
    it(
      'is the same to the byte in parts and in one piece',
      withListing(
        async (listing) => {
          const { tenant, backing } = listing;
          const now = backing.identity.clock.now();
          for (const count of [1, PART - 1, PART, PART + 1, 99, 100, 101]) {
            const keys = await listing.fill(count);
            const { status, headers, text } = await send(listing, 'GET', KEYS, { key: tenant.key });
            expect(text).toBe(JSON.stringify(keys.map((apiKey) => toApiKeyResponse(apiKey, now, UNUSED))));
            const framing = count <= PART ? [String(Buffer.byteLength(text)), null] : [null, 'chunked'];
            expect([headers.get('content-length'), headers.get('transfer-encoding')]).toEqual(framing);
            expect([status, headers.get('content-type')]).toEqual([200, 'application/json']);
            expect(headers.get('link')).toBeNull();
          }
          const last = await send(listing, 'GET', `${KEYS}?limit=100`, { key: tenant.key });
          const rest = /<([^>]*)>; rel="next"/.exec(last.headers.get('link') ?? '')?.[1] ?? '';
          expect(
            ((await send(listing, 'GET', KEYS.replace('api-keys', rest), { key: tenant.key })).body as object[]).length,
          ).toBe(1);
        },
        {},
        platform,
      ),
    );

    it(
      'is torn when the storage fails in the middle, and 503 when it fails before',
      withListing(
        async (listing) => {
          const { tenant, backing } = listing;
          await listing.fill(4 * PART);
          const failure = new IdentityError('storage.unavailable', 'The service cannot reach its storage.');
          const watch = listing.watchReads((count) => {
            if (count === 2) throw failure;
          });
          const torn = await sendRaw(listing, request(tenant.key));
          expect(torn.slice(0, 13)).toBe('HTTP/1.1 200 ');
          expect(/\r\ntransfer-encoding: chunked\r\n/i.test(torn)).toBe(true);
          expect(torn.includes('}]') || torn.endsWith('\r\n0\r\n\r\n')).toBe(false);
          if (platform !== 'ours') return;
          expect(backing.logger.lines.join()).toContain('Cut an answer off: IdentityError');
          backing.apiKeys.list = () => Promise.reject(failure);
          expect((await send(listing, 'GET', KEYS, { key: tenant.key })).status).toBe(503);
          expect(watch.reads).toBe(2);
        },
        {},
        platform,
      ),
    );
  });

  // Plain Fastify sends it as ours does.
  it.concurrent.each(['ours', 'express'] as const)(
    'is read no further than its client takes it, and not at all once the client is gone: %s',
    (platform) =>
      withListing(
        async (listing) => {
          await listing.fill(MANY, LONG);
          const watch = listing.watchReads();
          const socket = listing.ask();
          await once(socket, 'data');
          socket.pause();
          await sleep(200);
          expect(watch.rows).toBeLessThan(MANY);
          socket.destroy();
          await sleep(50);
          const { reads } = watch;
          await sleep(200);
          expect(watch.reads).toBe(reads);
        },
        {},
        platform,
      )(),
  );

  it.concurrent.each(APPLICATIONS)(
    'ends the connection of a client that takes nothing of it, and lets others have its place: %s',
    (platform) =>
      withListing(
        async (listing) => {
          await listing.fill(MANY, LONG);
          const { apiKeys } = listing.backing;
          const findPageEnd = apiKeys.findPageEnd.bind(apiKeys);
          let begun = 0;
          apiKeys.findPageEnd = (...asked) => {
            begun += 1;
            return findPageEnd(...asked);
          };
          for (let count = 0; count < LIMITS.perOrganization; count += 1) listing.ask().pause();
          await eventually(() => begun === LIMITS.perOrganization);
          let status = 0;
          for (let count = 0; status !== 200 && count < 20; count += 1) {
            status = (await send(listing, 'GET', `${KEYS}?limit=1`, { key: listing.tenant.key })).status;
            expect([200, 429]).toContain(status);
          }
          expect(status).toBe(200);
        },
        {},
        platform,
      )(),
  );

  it.concurrent(
    'leaves little in memory for 40 clients that do not read, and others are served meanwhile',
    withListing(async (listing) => {
      const { scheduler, backing } = listing;
      await listing.fill(MANY, LONG);
      const other = await createTenant(backing, 'Other');
      const watch = listing.watchReads();
      const answers: string[] = [];
      for (let count = 0; count < 40; count += 1) {
        const socket = listing.ask();
        socket.once('data', (chunk) => {
          answers.push(chunk.toString('latin1').slice(9, 12));
          socket.pause();
        });
      }
      // 34 find the line full, 4 wait in it for too long.
      await eventually(() => answers.filter((status) => status === '429').length >= 34);
      expect(scheduler.running).toBeLessThanOrEqual(LIMITS.perOrganization);
      expect((await send(listing, 'GET', KEYS, { key: other.key })).status).toBe(200);
      // The place of a client that is disconnected goes to the next one: two at a time, and 20 MB each if they were read.
      await eventually(() => scheduler.running === 0);
      expect(answers.filter((status) => status === '200').length).toBeLessThanOrEqual(6);
      expect(watch.rows).toBeLessThan(6 * MANY);
    }),
  );

  it.concurrent(
    'is refused with 429 and Retry-After where the organization has too many under way',
    withListing(
      async (listing) => {
        await listing.fill(MANY, LONG);
        listing.ask().pause();
        listing.ask().pause();
        await eventually(() => listing.scheduler.running === 2);
        const asked = Array.from({ length: 5 }, () => send(listing, 'GET', KEYS, { key: listing.tenant.key }));
        // One finds the line full, the others wait in it for too long.
        for (const { status, headers, body } of await Promise.all(asked)) {
          expect(status).toBe(429);
          expect([headers.get('retry-after'), body]).toEqual(['1', expect.objectContaining({ error: 'rate_limited' })]);
        }
      },
      { stalledMs: 5000 },
    ),
  );

  it.concurrent(
    'is refused with 503 where those of other organizations take too long',
    withListing(
      async (listing) => {
        const { scheduler, backing } = listing;
        await listing.fill(MANY, LONG);
        const other = await createTenant(backing, 'Other');
        await listing.fill(MANY, LONG, other);
        listing.ask().pause();
        listing.ask().pause();
        listing.ask(other.key).pause();
        await eventually(() => scheduler.running === LIMITS.inAll);
        const third = await createTenant(backing, 'Third');
        const { status, headers, body } = await send(listing, 'GET', KEYS, { key: third.key });
        expect([status, headers.get('retry-after'), body]).toEqual([
          503,
          '1',
          expect.objectContaining({ error: 'service_unavailable' }),
        ]);
      },
      { stalledMs: 5000 },
    ),
  );

  it(
    'goes no further while the process has no time left, and to its end when it has',
    withListing(
      async (listing) => {
        await listing.fill(300);
        let turns = 0;
        let isBusy = true;
        const spin = (): void => {
          turns += 1;
          if (isBusy) setImmediate(spin);
        };
        const watch = listing.watchReads((count) => {
          if (count === 1) spin();
        });
        const answer = send(listing, 'GET', KEYS, { key: listing.tenant.key });
        await eventually(() => turns > 20_000);
        const { reads } = watch;
        isBusy = false;
        expect(((await answer).body as object[]).length).toBe(300);
        expect(reads).toBe(1);
      },
      { waitMs: PATIENCE_MS, stalledMs: 20, pauseMs: 60_000 },
    ),
  );

  it(
    'is read in parts of 50 rows, of all lists one at a time and each in a turn of its own',
    withListing(
      async (listing) => {
        const { tenant, backing } = listing;
        const others = await Promise.all(['B', 'C', 'D'].map((name) => createTenant(backing, name)));
        for (const each of [tenant, ...others]) await listing.fill(3 * PART, SHORT, each);
        const rowsByTurn = new Map<number, number>();
        let turn = 0;
        let isCounting = true;
        const count = (): void => {
          turn += 1;
          if (isCounting) setImmediate(count);
        };
        setImmediate(count);
        listing.watchReads((_count, rows) => rowsByTurn.set(turn, (rowsByTurn.get(turn) ?? 0) + rows));
        const asked = [tenant, tenant, ...others].map(({ key }) => send(listing, 'GET', KEYS, { key }));
        const answers = await Promise.all(asked);
        isCounting = false;
        expect(answers.map(({ body }) => (body as object[]).length)).toEqual(Array(5).fill(3 * PART));
        // One row more tells whether there are others.
        expect(Math.max(...rowsByTurn.values())).toBeLessThanOrEqual(PART + 1);
      },
      { waitMs: PATIENCE_MS },
    ),
  );
});
