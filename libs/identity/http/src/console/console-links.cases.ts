import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  CONSOLE_API,
  ownOrigin,
  sendFromConsole,
  SESSION,
  signIn,
  startConsoleHost,
} from '../../testing/console-host.js';
import { createTenant, type Host, type Tenant } from '../../testing/host.js';
import { created } from '../../testing/keys.js';
import { KEYS, send } from '../../testing/requests.js';

const LINKS = '/v1/identity/console-links';

describe('a link that a backend makes', () => {
  let host: Host;
  let tenant: Tenant;

  beforeAll(async () => {
    host = await startConsoleHost();
    tenant = await createTenant(host);
  });
  afterAll(() => host.app.close());

  const link = async (key: string, body?: object) => {
    const answer = await send(host, 'POST', LINKS, { key, ...(body && { body }) });
    const { url = '', expires_at: expiresAt } = answer.body as { readonly url?: string; readonly expires_at?: string };
    return { ...answer, url, expiresAt, code: url.split('#code=')[1] ?? '' };
  };
  const keyWith = async (scopes: string[]) =>
    (await created(host, tenant.key, { name: 'backend', scopes })).plain_text_key;

  it('opens a session with the rights of its key, or with fewer', async () => {
    const key = await keyWith(['api_keys:*', 'orders:read']);
    const whole = await link(key);
    expect([whole.status, whole.url]).toEqual([
      201,
      expect.stringMatching(new RegExp(`^${ownOrigin(host)}/console/sign-in#code=[\\w-]{43}$`)),
    ]);
    const scopesOf = async (code: string) => {
      const cookie = await signIn(host, { code });
      return (await sendFromConsole(host, 'GET', SESSION, { cookie })).body;
    };
    expect(await scopesOf(whole.code)).toMatchObject({ scopes: ['api_keys:*', 'orders:read'], unrestricted: false });
    const fewer = await link(key, { scopes: ['api_keys:read'], expires_in: 60 });
    expect(await scopesOf(fewer.code)).toMatchObject({ scopes: ['api_keys:read'] });
  });

  it('does not make its holder more than it was given', async () => {
    const { code } = await link(await keyWith(['api_keys:*', 'orders:read']), { scopes: ['api_keys:read'] });
    const cookie = await signIn(host, { code });
    const refused = await sendFromConsole(host, 'POST', `${CONSOLE_API}${KEYS}`, { cookie, body: { name: 'more' } });
    expect(refused.status).toBe(403);
  });

  it('ends when it was asked to, at most after 10 minutes', async () => {
    const now = host.identity.clock.now().getTime();
    const after = async (body: object) => Date.parse((await link(tenant.key, body)).expiresAt ?? '') - now;
    expect(await after({})).toBe(600_000);
    expect(await after({ expires_in: 60 })).toBe(60_000);
    expect((await link(tenant.key, { expires_in: 601 })).status).toBe(422);
    const { code } = await link(tenant.key, { expires_in: 60 });
    host.identity.clock.advance(60_000);
    await expect(signIn(host, { code })).rejects.toThrow(/authentication_required/);
  });

  it('is refused to a key that lacks the scope, or the rights that it would give', async () => {
    expect((await link(await keyWith(['api_keys:read']))).status).toBe(403);
    const refused = await link(await keyWith(['api_keys:manage']), { scopes: ['orders:read'] });
    expect(refused).toMatchObject({ status: 403, body: { error: 'permission_denied' } });
    expect((await link(tenant.key, { scopes: [] })).status).toBe(422);
    expect((await link(tenant.key, { scopes: ['nonsense'] })).status).toBe(400);
  });

  it('is made by no session', async () => {
    const cookie = await signIn(host, { key: tenant.key });
    const refused = await sendFromConsole(host, 'POST', `${CONSOLE_API}${LINKS}`, { cookie, body: {} });
    expect(refused).toMatchObject({
      status: 403,
      body: { message: 'A session of the console makes no links: use an API key.' },
    });
  });

  it('leads to PUBLIC_URL, and is not made where no session could be opened', async () => {
    for (const [publicUrl, status, begin] of [
      ['https://api.example.com/feather', 201, 'https://api.example.com/feather/console/sign-in#code='],
      ['http://api.example.com', 409, ''],
    ] as const) {
      const other = await startConsoleHost({ identity: { publicUrl } });
      const { key } = await createTenant(other);
      const answer = await send(other, 'POST', LINKS, { key });
      const { url = '' } = answer.body as { readonly url?: string };
      expect([answer.status, url.startsWith(begin)]).toEqual([status, true]);
      await other.app.close();
    }
  });
});
