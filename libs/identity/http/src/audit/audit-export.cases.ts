import { once } from 'node:events';
import { connect, type Server, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { IdentityError } from '@feather-identity/core';
import { anAuditEvent } from '@feather-identity/core/testing';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { AUDIT_EVENTS, auditPage } from '../../testing/audit.js';
import { createTenant, type Host, startHost, type Tenant } from '../../testing/host.js';
import { created, keyWith, secretPart } from '../../testing/keys.js';
import { send } from '../../testing/requests.js';
import { IdentityModule } from '../index.js';
import { LIST_LIMITS } from '../listing/list-scheduler.js';

const EXPORT = `${AUDIT_EVENTS}/export`;
const HEADINGS =
  'id,type,occurred_at,actor_type,actor_name,actor_api_key_id,actor_user_id,api_key_id,key_prefix,request_id,' +
  'source_address,changes';
/** Events that are read at once. */
const PART = 100;
const PATIENCE_MS = 10_000;

describe('GET /v1/identity/audit-events/export', () => {
  let host: Host;
  let tenant: Tenant;
  const sockets: Socket[] = [];

  beforeAll(async () => {
    host = await startHost();
  });

  beforeEach(async () => {
    tenant = await createTenant(host);
  });

  afterEach(() => {
    for (const socket of sockets.splice(0)) socket.destroy();
    // What a test has put in front of it.
    Reflect.deleteProperty(host.identity.auditLog, 'list');
  });

  afterAll(() => host.app.close());

  const ask = (query = '', key = tenant.key) => send(host, 'GET', EXPORT + query, { key });
  const append = (count: number, fields = {}) => {
    const { id: organizationId } = tenant.organization;
    for (let index = 0; index < count; index += 1)
      host.identity.store.addEvent(anAuditEvent({ organizationId, ...fields }));
  };
  const listed = async (query = '') => {
    const page = await auditPage(host, tenant.key, `?limit=200${query}`);
    const next = page.has_more
      ? await auditPage(host, tenant.key, `?limit=200&cursor=${page.next_cursor ?? ''}${query}`)
      : null;
    return [...page.items, ...(next?.items ?? [])];
  };

  it('is a file of JSON Lines with all events, as the list has them', async () => {
    for (const count of [0, 1, PART - 2, 1, 1, PART]) {
      append(count);
      const { status, headers, text } = await ask();
      expect([status, headers.get('content-type')]).toEqual([200, 'application/x-ndjson']);
      expect(headers.get('content-disposition')).toBe('attachment; filename="audit-events-2026-01-02.jsonl"');
      expect(text).toBe((await listed()).map((event) => `${JSON.stringify(event)}\n`).join(''));
    }
    expect(await listed()).toHaveLength(1 + 2 * PART + 1);
  });

  it('is a file of CSV with headings, changes as JSON', async () => {
    await created(host, tenant.key, { name: 'a, "b"', scopes: ['a:read'] });
    append(PART);
    const { status, headers, text } = await ask('?format=csv');
    expect([status, headers.get('content-type')]).toEqual([200, 'text/csv; charset=utf-8']);
    expect(headers.get('content-disposition')).toBe('attachment; filename="audit-events-2026-01-02.csv"');
    const lines = text.split('\r\n');
    expect([lines[0], lines.length, lines.at(-1)]).toEqual([HEADINGS, 1 + PART + 2 + 1, '']);
    const [event] = (await listed()).filter(({ type }) => type === 'api_key.created');
    const cells = [
      ...[event?.id, 'api_key.created', event?.occurred_at, 'api_key', '', tenant.apiKey.id, tenant.owner.id],
      ...[event?.api_key_id, event?.key_prefix, event?.request_id, '127.0.0.1'],
    ];
    const changes = JSON.stringify(event?.changes).replaceAll('"', '""');
    expect(lines).toContain(`${cells.join(',')},"${changes}"`);
  });

  it.each(['=1+1', '+1', '-1', '@SUM(A1)', '\t=1', '\r=1', '=HYPERLINK("http://a.example","b")'])(
    'has no cell that a spreadsheet would take for a formula: %j',
    async (name) => {
      append(1, {
        actor: { type: 'operator', name, apiKeyId: null, memberId: null, requestId: name, sourceAddress: name },
      });
      const { text } = await ask('?format=csv&type=api_key.updated');
      const cell = /[",\r]/.test(name) ? `"'${name.replaceAll('"', '""')}"` : `'${name}`;
      expect(text).toContain(`,operator,${cell},,,,,${cell},${cell},{}\r\n`);
      expect(text).not.toMatch(/(?:^|[,\n])"?[=+\-@\t\r]/);
    },
  );

  it('has the events that the filters leave, all of them', async () => {
    const key = await keyWith(host, tenant.key, 'audit:read', 'policies:manage');
    const maker = (await listed())[0]?.api_key_id ?? '';
    for (const days of [1, 2, 3]) {
      await send(host, 'PATCH', '/v1/identity/policy', { key, body: { max_lifetime_days: days + 400 } });
    }
    append(2 * PART);
    append(2 * PART, { type: 'api_key.rotated', occurredAt: new Date('2026-03-04T05:06:07Z'), apiKeyId: maker });
    for (const query of [
      '&type=api_key.rotated',
      `&actor=${maker}`,
      `&api_key_id=${maker}`,
      '&since=2026-03-01',
      '&until=2026-03-01&type=api_key.updated',
      `&key_prefix=${key.slice(0, 17)}`,
    ]) {
      const { status, text } = await ask(`?${query.slice(1)}`);
      const expected = await listed(query);
      expect([query, status, expected.length > 1]).toEqual([query, 200, true]);
      expect(text).toBe(expected.map((event) => `${JSON.stringify(event)}\n`).join(''));
    }
    expect((await ask('?format=csv&actor=0198ffff-0000-7000-8000-000000000001')).text).toBe(`${HEADINGS}\r\n`);
    expect((await ask('?actor=0198ffff-0000-7000-8000-000000000001')).text).toBe('');
  });

  it("needs audit:read, and has no other organization's events and no secret", async () => {
    const { plain_text_key: narrow } = await created(host, tenant.key, { name: 'narrow', scopes: ['a:read'] });
    expect(await ask('', narrow)).toMatchObject({ status: 403, body: { error: 'permission_denied' } });
    expect(await send(host, 'GET', EXPORT)).toMatchObject({ status: 401 });
    const other = await createTenant(host, 'Other');
    const { text } = await ask('', await keyWith(host, other.key, 'audit:read'));
    expect(text).not.toContain(tenant.apiKey.id);
    expect((await ask()).text).not.toContain(secretPart(narrow));
  });

  it('answers 422 in the shape of FastAPI to another format, and to filters that are none', async () => {
    const format = await ask('?format=xml');
    const expected = "'csv' or 'jsonl'";
    const fault = { type: 'literal_error', msg: `Input should be ${expected}`, ctx: { expected } };
    expect([format.status, format.body]).toEqual([
      422,
      { detail: [{ ...fault, loc: ['query', 'format'], input: 'xml' }] },
    ]);
    for (const query of ['since=x', 'until=x', 'actor=x', 'api_key_id=x', 'type=x', 'key_prefix=', 'limit=5']) {
      expect([query, (await ask(`?${query}`)).status]).toEqual([query, 422]);
    }
  });

  it('is 503 when the storage fails before, and torn when it fails in the middle', async () => {
    append(3 * PART);
    const { auditLog } = host.identity;
    const list = auditLog.list.bind(auditLog);
    let reads = 0;
    auditLog.list = (...asked) => {
      reads += 1;
      if (reads > 1) throw new IdentityError('storage.unavailable', 'The service cannot reach its storage.');
      return list(...asked);
    };
    await expect(ask()).rejects.toThrow(/aborted|hang up|ECONNRESET/);
    expect((await ask()).status).toBe(503);
  });

  it('is read no further than its client takes it, and not at all once the client is gone', async () => {
    append(30 * PART, { changes: { name: 'x'.repeat(8000) } });
    const { auditLog } = host.identity;
    const list = auditLog.list.bind(auditLog);
    let reads = 0;
    auditLog.list = (...asked) => {
      reads += 1;
      return list(...asked);
    };
    const socket = connect(host.port, '127.0.0.1').on('error', () => undefined);
    sockets.push(socket);
    socket.write(`GET ${EXPORT} HTTP/1.1\r\nHost: a\r\nx-api-key: ${tenant.key}\r\n\r\n`);
    await once(socket, 'data');
    socket.pause();
    let before = -1;
    while (before !== reads) {
      before = reads;
      await sleep(300);
    }
    expect(reads).toBeLessThan(20);
    const stalled = reads;
    socket.resume();
    const deadline = performance.now() + PATIENCE_MS;
    while (reads === stalled && performance.now() < deadline) await sleep(10);
    expect(reads).toBeGreaterThan(stalled);
    socket.destroy();
    await sleep(100);
    const gone = reads;
    await sleep(300);
    expect(reads).toBe(gone);
  });

  it.each([
    ['reads nothing of it', { stalledMs: 200, partMs: 60_000 }],
    ['reads too little of it', { stalledMs: 60_000, partMs: 200 }],
  ])('keeps the place of its organization for no longer where the client %s', async (_what, times) => {
    await host.app.close();
    const limits = { perOrganization: 2, inAll: 64, waiting: 100, waitMs: PATIENCE_MS, pauseMs: 25, ...times };
    host = await startHost({
      importIdentity: (options) => {
        const module = IdentityModule.forRoot(options);
        return { ...module, providers: [...(module.providers ?? []), { provide: LIST_LIMITS, useValue: limits }] };
      },
    });
    tenant = await createTenant(host);
    append(30 * PART, { changes: { name: 'x'.repeat(8000) } });
    const closed: Promise<unknown>[] = [];
    for (let count = 0; count < limits.perOrganization; count += 1) {
      const socket = connect(host.port, '127.0.0.1').on('error', () => undefined);
      sockets.push(socket);
      socket.write(`GET ${EXPORT} HTTP/1.1\r\nHost: a\r\nx-api-key: ${tenant.key}\r\n\r\n`);
      await once(socket, 'data');
      closed.push(once(socket.pause(), 'close'));
    }
    expect((await send(host, 'GET', AUDIT_EVENTS, { key: tenant.key })).status).toBe(200);
    // Both are cut off, so that what they have does not look complete. That of the list stays open.
    while ((await connections(host)) > 1) await sleep(10);
    for (const socket of sockets) socket.resume();
    await Promise.all(closed);
  });
});

function connections({ app }: Host): Promise<number> {
  const server = app.getHttpServer() as Server;
  return promisify(server.getConnections.bind(server))();
}
