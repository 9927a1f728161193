import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { readFileSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { startReferenceApp } from '../testing/reference-app.js';

interface CorpusRequest {
  method: string;
  path: string;
  headers?: Record<string, string>;
  body_text?: string;
  body_base64?: string;
}

interface CorpusCase {
  id: string;
  group: string;
  advisory?: boolean;
  request: CorpusRequest;
  expect: {
    status: number;
    advisory?: boolean;
    body?: unknown;
    body_raw?: string;
    body_subset?: { name: string; scopes: string[]; expires_at: string | null };
    expires_at?: { naive: boolean };
    parsed?: unknown;
  };
}

interface Answer {
  status: number;
  text: string;
}

const CORPUS = new URL('../../../../tools/conformance/data/validation-corpus.jsonl', import.meta.url);
const cases = readFileSync(CORPUS, 'utf8')
  .split('\n')
  .filter(Boolean)
  .map((line) => JSON.parse(line) as CorpusCase)
  .filter((one) => one.advisory !== true && one.expect.advisory !== true);
const groups = [...new Set(cases.map(({ group }) => group))];

describe('the answers of real FastAPI with Pydantic v2', () => {
  const agent = new Agent({ keepAlive: true, maxSockets: 4 });
  let app: NestFastifyApplication;
  let port: number;

  beforeAll(async () => {
    ({ app, port } = await startReferenceApp());
  });

  afterAll(async () => {
    agent.destroy();
    await app.close();
  });

  it.each(groups)('are given to every request of the group %s', async (group) => {
    const wrong: string[] = [];
    for (const one of cases.filter((candidate) => candidate.group === group)) {
      const found = difference(one.expect, await send(one.request));
      if (found !== null) wrong.push(`${one.id}: ${found}`);
    }
    expect(wrong).toEqual([]);
  });

  function send({ method, path, headers = {}, body_text, body_base64 }: CorpusRequest): Promise<Answer> {
    const body = body_base64 === undefined ? Buffer.from(body_text ?? '', 'utf8') : Buffer.from(body_base64, 'base64');
    const sendsBody = method === 'POST' || body.length > 0;
    const length = sendsBody ? { 'content-length': body.length } : {};
    return new Promise((resolve, reject) => {
      const outgoing = request(
        { agent, host: '127.0.0.1', port, method, path, headers: { ...headers, ...length } },
        (response) => {
          const chunks: Buffer[] = [];
          response.on('data', (chunk: Buffer) => chunks.push(chunk));
          response.on('end', () =>
            resolve({ status: response.statusCode ?? 0, text: Buffer.concat(chunks).toString('utf8') }),
          );
        },
      );
      outgoing.on('error', reject);
      outgoing.end(sendsBody ? body : undefined);
    });
  }
});

function difference(expected: CorpusCase['expect'], { status, text }: Answer): string | null {
  const body: unknown = text === '' ? undefined : JSON.parse(text);
  if (expected.status < 300) return status < 300 ? acceptedDifference(expected, body) : `${status} ${text}`;
  if (status !== expected.status) return `${status} ${text}`;
  // FastAPI's own 400 and 404 bodies are not ours: ErrorResponse instead.
  if (status !== 422) return /^\{"error":"[a-z_]+","message":"[^"]+"\}$/.test(text) ? null : text;
  // The exact text where the corpus has it (numbers as Python writes them), else the same keys in the same order.
  const same = expected.body_raw ? text === expected.body_raw : JSON.stringify(body) === JSON.stringify(expected.body);
  return same ? null : `${text}, not ${expected.body_raw ?? JSON.stringify(expected.body)}`;
}

function acceptedDifference(expected: CorpusCase['expect'], body: unknown): string | null {
  const got = body as { name: string; scopes: string[]; expires_at: string | null };
  if (expected.parsed !== undefined) {
    return JSON.stringify(sorted(body)) === JSON.stringify(sorted(expected.parsed)) ? null : JSON.stringify(body);
  }
  const subset = expected.body_subset;
  if (subset === undefined) return null;
  if (got.name !== subset.name || JSON.stringify(got.scopes) !== JSON.stringify(subset.scopes)) {
    return JSON.stringify(body);
  }
  if (subset.expires_at === null || got.expires_at === null) {
    return subset.expires_at === got.expires_at ? null : JSON.stringify(body);
  }
  // A Date has milliseconds, Python microseconds; we read naive times as UTC.
  const wanted = Date.parse(expected.expires_at?.naive === true ? `${subset.expires_at}Z` : subset.expires_at);
  return Math.abs(Date.parse(got.expires_at) - wanted) < 1 ? null : `${got.expires_at}, not ${subset.expires_at}`;
}

function sorted(value: unknown): unknown {
  return Object.entries(value as object).sort(([a], [b]) => a.localeCompare(b));
}
