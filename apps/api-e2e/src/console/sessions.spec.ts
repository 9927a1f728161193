import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Browser } from 'playwright-core';
import { eventually } from '../support/eventually.js';
import type { CreatedKey, Service } from '../support/service.js';
import { startBrowser, Visitor } from './browser.js';
import { startConsole } from './console-service.js';
import { OtherOrigin } from './other-origin.js';

const KEYS = '/v1/identity/api-keys';

describe('sessions of the console', () => {
  let service: Service;
  let origin: string;
  let browser: Browser;

  beforeAll(async () => {
    ({ service, origin } = await startConsole('sqlite', { SECRET_HASHER: 'hmac-sha256' }));
    browser = await startBrowser();
  });

  /** Somebody signed in by a key of their own. */
  async function visit(name: string): Promise<Visitor & { readonly key: CreatedKey }> {
    const key = await service.newKey(service.firstKey, name);
    const visitor = await Visitor.arrive(browser, origin);
    await visitor.signIn(key.plain_text_key);
    return Object.assign(visitor, { key });
  }

  async function cookieOf({ context }: Visitor): Promise<string> {
    const cookies = await context.cookies(origin);
    expect(cookies).toEqual([expect.objectContaining({ httpOnly: true, sameSite: 'Strict', path: '/' })]);
    return cookies.map(({ name, value }) => `${name}=${value}`).join('; ');
  }

  const statusOf = async (path: string, headers: Record<string, string>): Promise<number> =>
    (await service.send(path, { headers: { host: new URL(origin).host, ...headers } })).status;

  it('are not opened by a wrong key, which leaves the field', async () => {
    const { page, ...visitor } = await Visitor.arrive(browser, origin);
    await page.goto(`${origin}/console/sign-in`);
    await page.getByLabel('API key').fill(`${service.firstKey.slice(0, -1)}!`);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByText('This key is not accepted.').waitFor();
    expect(await page.getByLabel('API key').inputValue()).toBe('');
    expect(await visitor.context.cookies()).toEqual([]);
  });

  it('end with their key, at the next request, by a sentence on the page to sign in', async () => {
    const { page, key, mishaps } = await visit('Revoked meanwhile');
    await page.goto(`${origin}/console/keys?status=active`);
    await page.getByRole('row').first().waitFor();
    await service.revoke(service.firstKey, key.id);
    await page.getByRole('link', { name: 'Audit' }).click();
    await page.getByText('Your session is over').waitFor();
    // Signing in again leads back.
    await page.getByLabel('API key').fill(service.firstKey);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByRole('heading', { name: 'Audit' }).waitFor();
    expect(mishaps).toEqual([]);
  });

  it('end by signing out: the cookie is worth nothing, and the way back shows nothing', async () => {
    const visitor = await visit('Signs out');
    const { page, key } = visitor;
    const cookie = await cookieOf(visitor);
    expect(await statusOf(`/console/api${KEYS}`, { cookie })).toBe(200);
    await page.getByRole('button', { name: key.key_prefix }).click();
    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.getByRole('heading', { name: 'Sign in' }).waitFor();
    expect(await statusOf(`/console/api${KEYS}`, { cookie })).toBe(401);
    await page.goBack();
    await page.getByRole('heading', { name: 'Sign in' }).waitFor();
    expect(await page.getByText('Signs out').count()).toBe(0);
  });

  it('end from another session of the same key, which lists them', async () => {
    const one = await visit('Two at once');
    const other = await Visitor.arrive(browser, origin);
    await other.signIn(one.key.plain_text_key);
    await other.page.getByRole('link', { name: 'Sessions' }).click();
    await other.page.getByRole('button', { name: 'End', exact: true }).click();
    await other.page.getByText('That session is over.').waitFor();
    await one.page.getByRole('link', { name: 'Audit' }).click();
    await one.page.getByText('Your session is over').waitFor();
  });

  /** A link as a backend makes it for its users. */
  async function linkOf(key: string): Promise<string> {
    const { body } = await service.send('/v1/identity/console-links', {
      method: 'POST',
      headers: { 'x-api-key': key },
      body: {},
    });
    return (body as { url: string }).url.replace(service.url, origin);
  }

  it('are opened by a link at once where nobody is signed in, and say for whom', async () => {
    const link = await linkOf((await service.newKey(service.firstKey, 'Of the link')).plain_text_key);
    const { page, mishaps } = await Visitor.arrive(browser, origin);
    await page.goto(link);
    await page.getByText('The link has signed you in as Of the link').waitFor();
    expect(page.url()).not.toContain('code=');
    expect(mishaps).toEqual([]);
  });

  it('are replaced by a link only after a click', async () => {
    const one = await visit('Was here first');
    const cookie = await cookieOf(one);
    const link = await linkOf((await service.newKey(service.firstKey, 'Sent by somebody')).plain_text_key);
    const { page } = one;
    for (const open of [() => page.goto(link), () => page.evaluate((url) => location.assign(url), link)]) {
      await open();
      await page.getByText('You are signed in as Was here first').waitFor();
      expect(page.url()).not.toContain('code=');
      expect(await cookieOf(one)).toBe(cookie);
    }
    await page.getByRole('button', { name: 'Stay signed in' }).click();
    await page.getByRole('button', { name: one.key.key_prefix }).waitFor();
    expect(await cookieOf(one)).toBe(cookie);
    // The link was not used up.
    await page.goto(link);
    await page.getByRole('button', { name: 'Sign in with the link' }).click();
    await page.getByText('The link has signed you in as Sent by somebody').waitFor();
    expect(await cookieOf(one)).not.toBe(cookie);
  });

  it('are not opened by a code elsewhere than at the page to sign in, which the address loses', async () => {
    const one = await visit('Reads keys');
    const cookie = await cookieOf(one);
    const { page } = one;
    const code = new URL(await linkOf((await service.newKey(service.firstKey, 'Elsewhere')).plain_text_key)).hash;
    const asked: string[] = [];
    page.on('request', (request) => asked.push(`${request.method()} ${new URL(request.url()).pathname}`));
    await page.goto(`${origin}/console/audit${code}`);
    await page.getByRole('heading', { name: 'Audit' }).waitFor();
    await page.evaluate((hash) => {
      location.hash = hash;
    }, code);
    await page.waitForFunction(() => location.hash === '');
    await one.settled();
    expect(asked).not.toContain('POST /console/api/sessions');
    expect(await cookieOf(one)).toBe(cookie);
  });

  it('of a key that may not see keys begin with a sentence, not with an error', async () => {
    const key = await service.create(service.firstKey, { name: 'Sees use alone', scopes: ['usage:read'] });
    const visitor = await Visitor.arrive(browser, origin);
    await visitor.signIn((key.body as CreatedKey).plain_text_key);
    const { page } = visitor;
    await page.getByText('This key may not see the list of keys').waitFor();
    await visitor.open('/keys');
    await page.getByText('This key may not see the list of keys').waitFor();
    await page.getByRole('link', { name: 'Usage' }).click();
    await page.getByRole('heading', { name: 'Usage' }).waitFor();
    expect(await page.getByRole('alert').count()).toBe(0);
  });

  it('are worth nothing outside of the console', async () => {
    const cookie = await cookieOf(await visit('Stays inside'));
    expect(await statusOf(`/console/api${KEYS}`, { cookie })).toBe(200);
    expect(await statusOf(KEYS, { cookie })).toBe(401);
    expect(await statusOf('/v1/identity/whoami', { cookie, origin })).toBe(401);
  });

  describe.each(['localhost', '127.0.0.1'])('before a page of another origin, at %s', (host) => {
    let victim: Visitor & { readonly key: CreatedKey };
    let other: OtherOrigin;

    beforeAll(async () => {
      victim = await visit(`Visits ${host}`);
      other = await OtherOrigin.start(host);
      await victim.page.goto(other.url);
    });

    afterAll(() => other.close());

    it('lend it neither a write nor an answer', async () => {
      const tried = await victim.page.evaluate(
        async ({ api, body }) => {
          const outcome = (request: Promise<Response>): Promise<string> =>
            request.then(
              async (response) => (response.type === 'opaque' ? 'opaque' : await response.text()),
              () => 'refused',
            );
          const credentials = 'include';
          return {
            json: await outcome(
              fetch(api, { method: 'POST', credentials, body, headers: { 'content-type': 'application/json' } }),
            ),
            simple: await outcome(fetch(api, { method: 'POST', credentials, mode: 'no-cors', body })),
            read: await outcome(fetch(api, { credentials })),
            removal: await outcome(fetch(api, { method: 'DELETE', credentials })),
          };
        },
        { api: `${origin}/console/api${KEYS}`, body: '{"name":"Planted"}' },
      );
      expect(tried).toEqual({ json: 'refused', simple: 'opaque', read: 'refused', removal: 'refused' });
      expect((await service.list(service.firstKey)).map(({ name }) => name)).not.toContain('Planted');
    });

    it('lend it no form and no frame', async () => {
      const { page } = victim;
      await page.evaluate((action) => {
        document.body.innerHTML = `<form method="post" action="${action}" enctype="text/plain"><input name='{"name":"Planted","a' value='":1}'></form>`;
        document.forms[0]?.submit();
      }, `${origin}/console/api${KEYS}`);
      await page.getByText('permission_denied').waitFor();
      await page.goto(other.url);
      await page.evaluate((src) => {
        document.body.innerHTML = `<iframe src="${src}"></iframe>`;
      }, `${origin}/console/keys`);
      await eventually(() => Promise.resolve(page.frames()[1]?.url().startsWith('chrome-error:') === true));
      expect((await service.list(service.firstKey)).map(({ name }) => name)).not.toContain('Planted');
    });

    it('are refused with its Origin, whoever sends the cookie', async () => {
      const cookie = await cookieOf(victim);
      const create = (headers: Record<string, string>) =>
        service.send(`/console/api${KEYS}`, {
          method: 'POST',
          headers: { cookie, host: new URL(origin).host, ...headers },
          body: { name: 'Written' },
        });
      expect(await create({ origin: new URL(other.url).origin })).toMatchObject({ status: 403 });
      expect(await create({ origin: 'null' })).toMatchObject({ status: 403 });
      expect(await create({})).toMatchObject({ status: 403 });
      expect(await create({ origin, 'sec-fetch-site': 'same-site' })).toMatchObject({ status: 403 });
      expect(await create({ origin })).toMatchObject({ status: 201 });
    });
  });
});
