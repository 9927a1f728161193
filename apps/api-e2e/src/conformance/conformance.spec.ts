import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Outcome } from '../support/child.js';
import { DATABASES, type DatabaseType } from '../support/database.js';
import { Installation, WITHOUT_BCRYPT } from '../support/installation.js';
import type { Service } from '../support/service.js';
import { runConformance } from './run-conformance.js';

/** Of the corpus, without the answers that are not worth copying. */
const CASES = 1148;
const CHECKS = 46;
const CLEAN_UP = 1;

describe('the service', () => {
  const services = new Map<DatabaseType, Service>();
  const outcomes = new Map<DatabaseType, Outcome>();

  // Side by side, and without bcrypt, into which most of the time would go: `defects.spec` runs the checks with it.
  beforeAll(async () => {
    for (const database of DATABASES) {
      services.set(database, await (await Installation.create(database, WITHOUT_BCRYPT)).start());
    }
    const run = async ([database, { url, firstKey }]: [DatabaseType, Service]) =>
      outcomes.set(database, await runConformance('--base', url, '--key', firstKey));
    await Promise.all([...services].map(run));
  });

  it.each(DATABASES)('passes the whole conformance suite on %s (IV2)', (database) => {
    const { status, stdout, stderr } = outcomes.get(database)!;
    expect(stdout.match(/^(?:FAIL| {3}-).*$/gm)).toBeNull();
    expect(stdout).toMatch(/\ncore 778\/778, must be complete\nfine 370\/370, must reach 90 %\n/);
    expect(stdout).toMatch(new RegExp(`\\n${CASES + CHECKS + CLEAN_UP} passed, 0 failed\\n$`));
    expect([status, stderr]).toEqual([0, '']);
    expect(stdout).not.toMatch(/fth_live_\w{9}/);
  });

  it.each(DATABASES)('has no key of the suite left afterwards on %s', async (database) => {
    const service = services.get(database)!;
    expect((await service.list(service.firstKey)).map(({ name }) => name)).toEqual(['Owner key']);
  });
});

describe('a server that answers everything with 500', () => {
  let server: Server;
  let url: string;

  beforeAll(async () => {
    server = createServer((request, response) => {
      request.resume().once('end', () => response.writeHead(500, { 'content-type': 'text/plain' }).end('oops'));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });

  afterAll(() => new Promise((resolve) => server.close(resolve)));

  it('passes no check at all', async () => {
    const { status, stdout } = await runConformance('--base', url, '--key', 'a-secret-key');
    expect(stdout).toMatch(new RegExp(`\\n0 passed, ${CASES + CHECKS} failed\\n$`));
    expect(status).toBe(1);
    expect(stdout).not.toContain('a-secret-key');
  });
});

describe('the command line of the suite', () => {
  it.each([
    ['no key', ['--base', 'http://127.0.0.1:1']],
    ['no address', ['--key', 'k']],
    ['no URL for an address', ['--key', 'k', '--base', 'localhost']],
    ['an unknown option', ['--key', 'k', '--base', 'http://127.0.0.1:1', '--fast']],
    ['a stray argument', ['--key', 'k', '--base', 'http://127.0.0.1:1', 'fth_live_stray']],
    ['an unknown group', ['--key', 'k', '--base', 'http://127.0.0.1:1', '--groups', 'lifecycle,nonsense']],
    ['nobody at the address', ['--key', 'k', '--base', 'http://127.0.0.1:1']],
  ])('is refused with one line of help and status 2: %s', async (_what, args) => {
    const { status, stdout, stderr } = await runConformance(...args);
    expect([status, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(/^conformance: .+ Usage: npm run conformance -- .+\n$/);
    expect(stderr).not.toContain('fth_live_stray');
  });
});
