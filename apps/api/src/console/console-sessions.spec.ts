import { OPERATOR } from '@feather-identity/core';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { DATABASES, emptyDatabase } from '../../testing/databases.js';
import { environment } from '../../testing/environment.js';
import { type Answer, created, KEYS, send, type Sent, WHOAMI } from '../../testing/requests.js';
import { createTenant, type Service, startServiceIn, type Tenant } from '../../testing/service.js';

const API = '/console/api';
const SESSIONS = `${API}/sessions`;

describe.each(DATABASES)('sessions of the console on %s', (type) => {
  let service: Service;
  let tenant: Tenant;

  beforeAll(async () => {
    const DATABASE_URL = await emptyDatabase(type, process.env);
    // No flush comes in between where statements are counted, and no lease saves one.
    const settings = { LAST_USED_FLUSH_SECONDS: '3600', CREDENTIAL_LEASES: 'off' };
    service = await startServiceIn(environment({ DATABASE_URL, ...settings }));
    tenant = await createTenant(service);
  });
  afterAll(() => service.close());

  const ask = (method: string, path: string, { headers, ...sent }: Sent = {}, cookie = ''): Promise<Answer> => {
    const own = { origin: `http://127.0.0.1:${service.port}`, ...(cookie === '' ? {} : { cookie }) };
    return send(service, method, path, { ...sent, headers: { ...own, ...headers } });
  };
  const cookieOf = ({ headers }: Answer) => headers.get('set-cookie')?.split(';', 1)[0] ?? '';
  const signIn = async (body: object) => {
    const answer = await ask('POST', SESSIONS, { body });
    expect([answer.status, answer.text]).toEqual([201, expect.anything()]);
    return cookieOf(answer);
  };
  const statusOf = async (cookie: string) => (await ask('GET', `${API}${WHOAMI}`, {}, cookie)).status;

  it('work as their key does, from signing in to signing out', async () => {
    const cookie = await signIn({ key: tenant.key });
    const made = await ask('POST', `${API}${KEYS}`, { body: { name: 'made in the console' } }, cookie);
    expect(made.status).toBe(201);
    const listed = await ask('GET', `${API}${KEYS}?limit=1`, {}, cookie);
    expect(listed.body).toMatchObject([{ name: 'made in the console' }]);
    expect((await ask('DELETE', `${API}/session`, {}, cookie)).status).toBe(204);
    expect(await statusOf(cookie)).toBe(401);
  });

  it.each<[string, (key: { readonly id: string }) => Promise<unknown>]>([
    ['its key is revoked', ({ id }) => send(service, 'DELETE', `${KEYS}/${id}`, { key: tenant.key })],
    [
      'its key is rotated without grace',
      ({ id }) => send(service, 'POST', `${KEYS}/${id}/rotate`, { key: tenant.key, body: { grace_period_seconds: 0 } }),
    ],
    [
      'its organization is disabled',
      () => service.identity.updateOrganization.execute(tenant.organization.id, { isActive: false }, OPERATOR),
    ],
  ])('are refused at the next request once %s', async (_what, end) => {
    const key = await created(service, tenant.key);
    const cookie = await signIn({ key: key.plain_text_key });
    expect(await statusOf(cookie)).toBe(200);
    await end(key);
    expect(await statusOf(cookie)).toBe(401);
    await service.identity.updateOrganization.execute(tenant.organization.id, { isActive: true }, OPERATOR);
  });

  it('are opened by a link once, however many open it at once', async () => {
    const { code } = await service.identity.createConsoleLink.forKey(tenant.apiKey.keyPrefix, OPERATOR);
    const answers = await Promise.all(Array.from({ length: 8 }, () => ask('POST', SESSIONS, { body: { code } })));
    expect(answers.map(({ status }) => status).sort()).toEqual([201, ...Array.from({ length: 7 }, () => 401)]);
  });

  it('of the operator reach all organizations, without an operator key', async () => {
    const { code } = await service.identity.createConsoleLink.forOperator(OPERATOR);
    const cookie = await signIn({ code });
    const organizations = await ask('GET', `${API}/v1/operator/organizations`, {}, cookie);
    expect(organizations).toMatchObject({ status: 200, body: { items: [{ id: tenant.organization.id }] } });
    expect((await send(service, 'GET', '/v1/operator/organizations')).status).toBe(404);
  });

  it('leave neither their secret nor the code of a link in the log or the database', async () => {
    const { code } = await service.identity.createConsoleLink.forOperator(OPERATOR);
    const cookie = await signIn({ code });
    const secret = cookie.split('=')[1] ?? '';
    for (const [path, headers] of [
      [`${API}/session`, {}],
      [`${API}/v1/operator/organizations?cookie=${secret}`, {}],
      [`/console/sign-in?code=${code}`, {}],
      [`${API}/${secret}`, { referer: `http://localhost/#code=${code}` }],
    ] as const) {
      await ask('GET', path, { headers }, cookie);
    }
    await ask('POST', SESSIONS, { body: { code: `${code}x` } });
    await ask('POST', SESSIONS, { body: { code: [code], [secret]: 1 } });
    const requests = await service.log.requests(6);
    expect(requests.filter(({ console_session_id: id }) => typeof id === 'string').length).toBeGreaterThan(0);
    const rows: unknown[] = [];
    for (const table of ['console_sessions', 'console_links', 'operator_events', 'audit_events']) {
      rows.push(await service.identity.dataSource.query(`SELECT * FROM ${table}`));
    }
    for (const text of [service.log.text, JSON.stringify(rows)]) {
      for (const hidden of [secret, code]) expect(text).not.toContain(hidden);
    }
    expect(service.log.text).not.toMatch(/cookie|feather_console/i);
  });

  it('cost a request of a key nothing, and their own requests one look-up of the session', async () => {
    const cookie = await signIn({ key: tenant.key });
    expect(await statusOf(cookie)).toBe(200);
    const byKey = await service.statements.during(() => send(service, 'GET', `${API}${WHOAMI}`, { key: tenant.key }));
    expect(byKey.filter((statement) => statement.includes('console'))).toEqual([]);
    const bySession = await service.statements.during(() => statusOf(cookie));
    expect(bySession.filter((statement) => statement.includes('console'))).toHaveLength(1);
    expect(bySession).toHaveLength(type === 'sqlite' ? 1 : 2);
  });
});
