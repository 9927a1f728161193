import { beforeAll, describe, expect, it } from '@jest/globals';
import { DATABASES } from './support/database.js';
import { answerTo } from './support/http.js';
import { Installation } from './support/installation.js';
import type { CreatedKey } from './support/service.js';

describe.each(DATABASES)('SIGTERM on %s (OU5)', (database) => {
  it('lets a request in flight finish, stores when keys were used and exits with 0', async () => {
    const installation = await Installation.create(database);
    const service = await installation.start();
    const owner = service.firstKey;
    const from = Date.now();
    const outgoing = await service.beginCreate(owner);
    service.requestStop();
    await service.logged('shutting down');
    outgoing.end(JSON.stringify({ name: 'Made while shutting down' }));
    const answer = await answerTo(outgoing);
    expect(answer).toMatchObject({ status: 201, headers: { connection: 'close' } });
    expect(await service.outcome).toMatchObject({ status: 0, stderr: '' });
    await expect(service.whoami(owner)).rejects.toThrow();

    const { id, plain_text_key: created } = answer.body as CreatedKey;
    const restarted = await installation.start();
    const [made, first] = await restarted.list(created);
    expect(made).toMatchObject({ id, last_used_at: null });
    expect(first).toMatchObject({ name: 'Owner key' });
    expect(Date.parse(first?.last_used_at ?? '')).toBeGreaterThanOrEqual(from);
    expect(Date.parse(first?.last_used_at ?? '')).toBeLessThanOrEqual(Date.now());
  });
});

it('a client that stops sending in the middle of a body costs a shutdown no last use, and no clean end', async () => {
  const installation = await Installation.create('sqlite');
  const service = await installation.start({ LAST_USED_FLUSH_SECONDS: '3600' });
  const owner = service.firstKey;
  const outgoing = await service.beginCreate(owner);
  outgoing.on('error', () => undefined);
  outgoing.write('{"name":');
  service.requestStop();
  expect(await service.outcome).toMatchObject({ status: 0 });
  expect(service.output).toContain('connections that were still open were cut');
  const [first] = await (await installation.start()).list(owner);
  expect(first?.last_used_at).not.toBeNull();
});

describe('a service that is asked to stop behind a load balancer', () => {
  const GRACE_MS = 2000;
  let installation: Installation;
  let key: string;

  beforeAll(async () => {
    installation = await Installation.create('sqlite');
    const service = await installation.start();
    key = service.firstKey;
    await service.stop();
  });

  /** Asks a service to stop; `endedAfter` is how long that takes, in milliseconds. */
  const stopping = async (signal: NodeJS.Signals, seconds = GRACE_MS / 1000) => {
    const service = await installation.start({ SHUTDOWN_GRACE_SECONDS: String(seconds) });
    const asked = performance.now();
    service.requestStop(signal);
    await service.logged('shutting down');
    const endedAfter = service.outcome.then(({ status }) => [status, performance.now() - asked] as const);
    return { service, endedAfter };
  };

  it.each(['SIGTERM', 'SIGHUP'] as const)(
    'is not ready at once, serves on for the grace, and exits with 0: %s',
    async (signal) => {
      const { service, endedAfter } = await stopping(signal);
      expect(await service.send('/readyz')).toMatchObject({
        status: 503,
        headers: { connection: 'close' },
        body: { error: 'service_unavailable', message: 'The service is shutting down.' },
      });
      expect(await service.send('/healthz')).toMatchObject({ status: 200 });
      for (const answer of [await service.whoami(key), await service.create(key, { name: 'In the grace' })]) {
        expect(answer.status).toBeLessThan(300);
        expect(answer.headers).toMatchObject({ connection: 'close' });
      }
      const [status, after] = await endedAfter;
      expect(status).toBe(0);
      expect(after).toBeGreaterThanOrEqual(GRACE_MS);
    },
  );

  it('keeps nobody waiting at a terminal: SIGINT, also where npm sends it twice', async () => {
    const { service, endedAfter } = await stopping('SIGINT', 3600);
    service.requestStop('SIGINT');
    expect(await endedAfter).toEqual([0, expect.any(Number)]);
  });

  it('ends at once on a second signal', async () => {
    const { service, endedAfter } = await stopping('SIGTERM', 3600);
    await new Promise((resolve) => setTimeout(resolve, 1200));
    service.requestStop('SIGINT');
    expect((await endedAfter)[0]).toBe(1);
  });
});
