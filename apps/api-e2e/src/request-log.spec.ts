import { beforeAll, describe, expect, it } from '@jest/globals';
import type { Answer } from './support/http.js';
import { Installation } from './support/installation.js';
import type { Service } from './support/service.js';

type Line = Readonly<Record<string, unknown>>;

describe('the log of requests', () => {
  let service: Service;
  let lines: Line[];
  let answers: Answer[];
  let caller: Line;

  beforeAll(async () => {
    service = await (await Installation.create('sqlite')).start({ LOG_FORMAT: 'json' });
    await service.printsLink();
    const key = service.firstKey;
    const identity = await service.whoami(key);
    const { organization_id, api_key } = identity.body as { organization_id: string; api_key: { id: string } };
    caller = { organization_id, api_key_id: api_key.id };
    const headers = { 'x-request-id': 'chosen-by-the-client' };
    answers = [
      identity,
      await service.create(key, { name: '' }),
      await service.revoke(key, '0199d5a0-0000-7000-8000-000000000000'),
      await service.send('/v1/identity/whoami?some=query', { headers }),
      await service.send('/nowhere/at/all'),
      await service.send('/openapi.json'),
    ];
    const { stdout } = await service.stop();
    const json = stdout.split('\n').filter((line) => line.startsWith('{'));
    lines = json.map((line) => JSON.parse(line) as Line).filter(({ msg }) => msg === 'request');
  });

  it('has one line a request, with exactly these fields', () => {
    const nobody = { organization_id: null, api_key_id: null };
    const client = { trace_id: null, client_address: '127.0.0.1' };
    const expected = [
      { method: 'GET', route: '/v1/identity/whoami', status: 200, ...caller },
      { method: 'POST', route: '/v1/identity/api-keys', status: 422, ...caller },
      { method: 'DELETE', route: '/v1/identity/api-keys/:key_id', status: 404, ...caller },
      { method: 'GET', route: '/v1/identity/whoami', status: 401, ...nobody },
      { method: 'GET', route: null, status: 404, ...nobody },
      { method: 'GET', route: '/openapi.json', status: 200, ...nobody },
    ];
    const common = { level: 30, ...client, time: expect.any(String), duration_ms: expect.any(Number), msg: 'request' };
    expect(lines).toEqual(
      expected.map((line, index) => ({ ...common, ...line, request_id: answers[index]?.headers['x-request-id'] })),
    );
  });

  it('names each request by an id of its own, never by one that the client chose', () => {
    expect(new Set(lines.map((line) => line['request_id'])).size).toBe(answers.length);
    expect(JSON.stringify(lines)).not.toContain('chosen-by-the-client');
  });

  it('is JSON to the last line but for the first key and the link to the console', () => {
    const others = service.output.split('\n').filter((line) => line !== '' && !line.startsWith('{'));
    expect(others).toEqual([`API key (shown once): ${service.firstKey}`, expect.stringMatching(/^Console \(/)]);
  });

  it('is one readable line an event for a terminal', async () => {
    const installation = await Installation.create('sqlite');
    const { stdout } = await installation.startInVain({ LOG_FORMAT: 'pretty', HOST: '203.0.113.1' });
    expect(stdout.split('\n')).toEqual([
      expect.stringMatching(/^\[[\d:.]+\] INFO: Database: .+ \(the default, because DATABASE_URL is not set\)\. /),
      expect.stringMatching(/^API key /),
      expect.stringMatching(/^\[[\d:.]+\] ERROR: .+ \{"context":"NestApplication"\}$/),
      '',
    ]);
  });
});
