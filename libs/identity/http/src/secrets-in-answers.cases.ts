import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { AUDIT_EVENTS } from '../testing/audit.js';
import { createTenant, type Host, startHost, type Tenant } from '../testing/host.js';
import { secretPart } from '../testing/keys.js';
import { type Answer, KEYS, send, WHOAMI } from '../testing/requests.js';

const LIMIT = 80;
const VERIFY = `${KEYS}/verify`;
const POLICY = '/v1/identity/policy';
const AUTHORIZE = '/v1/identity/authorize';

interface Shown {
  readonly id: string;
  readonly plain_text_key: string;
}

/** Sends requests and keeps what came back, and every token. */
class Session {
  readonly answers: { readonly what: string; readonly text: string }[] = [];
  readonly tokens: string[] = [];
  readonly statuses: Record<string, Set<number>> = {};

  constructor(private readonly host: Host) {}

  async ask(key: string, method: string, path: string, body?: unknown): Promise<Answer> {
    const answer = await send(this.host, method, path, { key, body });
    const { status, headers, text } = answer;
    this.answers.push({ what: `${method} ${path} ${status}`, text: `${JSON.stringify([...headers])} ${text}` });
    (this.statuses[method] ??= new Set()).add(status);
    const { plain_text_key: token } = (answer.body ?? {}) as Partial<Shown>;
    if (token !== undefined) this.tokens.push(token);
    return answer;
  }

  async make(key: string, body: object): Promise<Shown> {
    return (await this.ask(key, 'POST', KEYS, body)).body as Shown;
  }

  async rotate(key: string, id: string, body?: object): Promise<Shown> {
    return (await this.ask(key, 'POST', `${KEYS}/${id}/rotate`, body)).body as Shown;
  }

  /** The answers that hold the secret of this token. */
  showing(token: string): string[] {
    return this.answers.filter(({ text }) => text.includes(secretPart(token))).map(({ what }) => what);
  }
}

describe('a session over all endpoints (KH10)', () => {
  let host: Host;
  let tenant: Tenant;
  let session: Session;
  /** Tokens that were made before the session. */
  let given: string[];

  beforeAll(async () => {
    host = await startHost({ identity: { requestsPerMinute: LIMIT, maxKeysPerOrganization: 4 } });
    tenant = await createTenant(host);
    session = new Session(host);
    const owner = tenant.key;
    const made = await session.make(owner, { name: 'CI', scopes: ['a:read', 'api_keys:*'] });
    const next = await session.rotate(owner, made.id, { grace_period_seconds: 60 });
    const last = await session.rotate(owner, made.id);
    const twin = await session.make(owner, { name: 'CI' });
    const foreign = await createTenant(host, 'Other');
    given = [owner, foreign.key];
    for (const token of [owner, made.plain_text_key, next.plain_text_key, last.plain_text_key, foreign.key]) {
      await session.ask(owner, 'POST', VERIFY, { key: token, scopes: ['a:write'] });
      await session.ask(owner, 'POST', VERIFY, { Key: token });
      await session.ask(owner, 'POST', VERIFY, { key: [token] });
      await session.ask(token, 'GET', WHOAMI);
      await session.ask(token, 'GET', `${AUTHORIZE}?scope=a:read&scope=b:read`);
      await session.ask(owner, 'GET', `${KEYS}?cursor=${token}`);
      await session.ask(owner, 'GET', `${AUTHORIZE}?scope=${token}`);
    }
    const mine = `${KEYS}/${made.id}`;
    for (const key of [last.plain_text_key, owner]) {
      await session.ask(key, 'GET', mine);
      await session.ask(key, 'PATCH', mine, { name: 'renamed', scopes: ['a:read', 'api_keys:*'] });
      await session.ask(key, 'PATCH', mine, { scopes: ['*', 'z:z'] });
      await session.ask(key, 'GET', `${KEYS}?include_revoked=true&limit=1`);
      await session.ask(key, 'GET', AUDIT_EVENTS);
      await session.ask(key, 'PATCH', POLICY, { max_lifetime_days: 5 });
      await session.ask(key, 'GET', POLICY);
      await session.ask(key, 'POST', KEYS, { name: 'CI', expires_at: '2026-01-03' });
    }
    host.identity.clock.advance(60_000);
    await session.ask(owner, 'POST', KEYS, { name: 'one too many', expires_at: '2026-01-03' });
    host.apiKeys.failures.set('change', new Error(`UPDATE api_keys SET secret = '${owner}'`));
    await session.ask(owner, 'PATCH', mine, { name: 'failed' });
    await session.ask(owner, 'POST', `${mine}/rotate`);
    host.apiKeys.failures.clear();
    await session.ask(twin.plain_text_key, 'DELETE', mine);
    await session.ask(owner, 'POST', VERIFY, { key: last.plain_text_key });
    await session.ask(owner, 'GET', `${AUDIT_EVENTS}?limit=200`);
    for (let request = 0; request < LIMIT; request += 1) await session.ask(owner, 'GET', WHOAMI);
  });

  afterAll(() => host.app.close());

  it('has met every kind of answer', () => {
    const met = Object.fromEntries(Object.entries(session.statuses).map(([method, all]) => [method, [...all].sort()]));
    expect(met).toEqual({
      GET: [200, 400, 401, 403, 429],
      POST: [200, 201, 409, 422, 500],
      PATCH: [200, 403, 500],
      DELETE: [204],
    });
  });

  it('shows the secret of each token in the answer that made it, and nowhere else', () => {
    expect(session.tokens).toHaveLength(5);
    for (const token of session.tokens) {
      expect(session.showing(token)).toEqual([expect.stringMatching(/^POST \S+(api-keys 201|\/rotate 200)$/)]);
    }
    expect(given.flatMap((token) => session.showing(token))).toEqual([]);
  });

  it('says plain_text_key nowhere else', () => {
    const saying = session.answers.filter(({ text }) => text.includes('plain_text_key')).map(({ what }) => what);
    expect(saying.every((what) => /^POST \S+(api-keys 201|\/rotate 200)$/.test(what))).toBe(true);
  });

  it('writes no secret into a log line of its own', () => {
    const lines = host.logger.lines.filter((line) => !line.includes('UPDATE api_keys'));
    for (const token of [...given, ...session.tokens]) expect(lines.join()).not.toContain(secretPart(token));
  });
});
