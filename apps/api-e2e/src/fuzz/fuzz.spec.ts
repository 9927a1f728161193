import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Child, type Outcome } from '../support/child.js';
import { WORKSPACE } from '../support/workspace.js';

const PROGRAM = fileURLToPath(new URL('../../../../tools/conformance/fuzz.mjs', import.meta.url));
const REQUESTS = 3000;
const SEED = 20_260_102;

/** `FUZZ_SEED=7 npm test -- fuzz` takes another seed, `random` a new one each time. */
const seed = process.env['FUZZ_SEED'] ?? String(SEED);

const runFuzz = (...args: string[]): Promise<Outcome> => new Child(WORKSPACE, [PROGRAM, ...args]).outcome;

describe('the service', () => {
  it(`answers ${REQUESTS} hostile requests within the contract and does not grow`, async () => {
    const seeded = seed === 'random' ? [] : ['--seed', seed];
    const { status, stdout, stderr } = await runFuzz('--requests', String(REQUESTS), ...seeded);
    expect(stdout).not.toMatch(/^FAULT/m);
    expect(stdout).toMatch(/ answers, 0 faults, memory \d+ -> \d+ MiB \(at most \+64\), seed \d+, \d+ s\n$/);
    expect([status, stderr]).toEqual([0, '']);
    for (const answered of [200, 201, 400, 401, 404, 405, 422, 431])
      expect(stdout).toMatch(new RegExp(`\\b${answered}: \\d`));
    expect(stdout).not.toMatch(/fth_live_\w{9}/);
  });
});

const SAFE = { 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' };
const JSON_TYPE = { 'content-type': 'application/json' };
const CALLER = JSON.stringify({
  ...{ user_id: '00000000-0000-4000-8000-000000000000', clerk_user_id: 'a', role: 'b', organization_name: 'c' },
  ...{ organization_id: '00000000-0000-4000-8000-000000000000', kb_clearance_level: 0, kb_acl_enabled: false },
});
const error = (code: string) => JSON.stringify({ error: code, message: 'm' });

/** Answers that are not of the contract, and what the fuzzer says to them. */
const WRONG: Readonly<Record<string, [status: number, headers: Record<string, string>, text: string, fault: string]>> =
  {
    'a failure of the server': [500, { ...SAFE, ...JSON_TYPE }, error('internal_error'), 'status 500'],
    'an outage': [503, { ...SAFE, ...JSON_TYPE }, error('service_unavailable'), 'status 503'],
    'an answer that may be stored': [
      200,
      { ...JSON_TYPE, 'x-content-type-options': 'nosniff' },
      CALLER,
      'may be stored',
    ],
    'an answer that may be sniffed': [200, { ...JSON_TYPE, 'cache-control': 'no-store' }, CALLER, 'may be sniffed'],
    'the name of the software': [200, { ...SAFE, ...JSON_TYPE, server: 'x' }, CALLER, 'a header server'],
    'the words of a framework': [404, { ...SAFE, ...JSON_TYPE }, '{"statusCode":404}', 'words of a library'],
    'an error of another status': [404, { ...SAFE, ...JSON_TYPE }, error('bad_request'), 'instead of not_found'],
    'an error as text': [404, { ...SAFE, 'content-type': 'text/plain' }, error('not_found'), 'an error as text/plain'],
    'a status beyond the contract': [418, { ...SAFE, ...JSON_TYPE }, error('teapot'), 'does not have'],
    'a redirect': [307, { ...SAFE, location: '/' }, '', 'does not have'],
    'a refusal without a challenge': [401, { ...SAFE, ...JSON_TYPE }, error('authentication_required'), 'challenge'],
    'a validation error without details': [422, { ...SAFE, ...JSON_TYPE }, '{"detail":[]}', 'without details'],
    'a created key without plain text': [201, { ...SAFE, ...JSON_TYPE }, '{}', 'plain_text_key'],
    'a caller without an organization': [200, { ...SAFE, ...JSON_TYPE }, '{"role":"x"}', 'organization_id'],
    'a page of events without its end': [
      200,
      { ...SAFE, ...JSON_TYPE },
      '{"items":[],"has_more":false}',
      'next_cursor',
    ],
    'an authorization of nobody': [200, { ...SAFE, 'x-scopes': '*' }, '', 'an authorization of nobody'],
    'an export without its columns': [200, { ...SAFE, 'content-type': 'text/csv; charset=utf-8' }, 'a,b', 'columns'],
    'usage without numbers': [200, { ...SAFE, ...JSON_TYPE }, '{"granularity":"day"}', 'usage whose totals'],
    'a page of another type': [200, { ...SAFE, 'content-type': 'text/xml' }, '<a/>', '200 as text/xml'],
  };

describe('the fuzzer finds out a server that answers everything with', () => {
  let server: Server;
  let url: string;
  let answer: (response: ServerResponse) => void;

  beforeAll(async () => {
    server = createServer((request, response) => {
      request.resume();
      answer(response.setHeader('Connection', 'close'));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });

  afterAll(() => new Promise((resolve) => server.close(resolve)));

  it.each(Object.entries(WRONG))('%s', async (_what, [status, headers, text, fault]) => {
    answer = (response) => response.writeHead(status, headers).end(text);
    const outcome = await runFuzz('--requests', '5', '--seed', '1', '--base', url, '--key', 'a-secret-key');
    expect(outcome.stdout).toMatch(new RegExp(`^FAULT #\\d .*${fault}.*\\n.*\\n  got  "${status} `, 'm'));
    expect(outcome.status).toBe(1);
    expect(outcome.stdout).not.toContain('a-secret-key');
  });
});

it('the fuzzer waits for the rest of an answer that pauses', async () => {
  const server = createServer((request, response) => {
    request.resume();
    response.setHeader('Connection', 'close').writeHead(200, { ...SAFE, ...JSON_TYPE });
    response.write(CALLER.slice(0, 20));
    setTimeout(() => response.end(CALLER.slice(20)), 600);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const { stdout } = await runFuzz('--requests', '3', '--seed', '1', '--base', url, '--key', 'a-secret-key');
  server.close();
  expect(stdout).toMatch(/\b200: \d/);
  expect(stdout).not.toContain('a caller whose');
});

describe('the command line of the fuzzer', () => {
  it.each([
    [['--requests', 'many']],
    [['--base', 'http://127.0.0.1:1']],
    [['--seed', '-1']],
    [['--quick']],
    [['stray']],
  ])('is refused with one line of help and status 2: %j', async (args) => {
    const { status, stdout, stderr } = await runFuzz(...args);
    expect([status, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(/^fuzz: .+ Usage: npm run fuzz -- .+\n$/);
  });
});
