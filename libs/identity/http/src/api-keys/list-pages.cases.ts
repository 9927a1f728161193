import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createTenant, type Host, startHost, type Tenant } from '../../testing/host.js';
import { created } from '../../testing/keys.js';
import { nextPage, parseLinks } from '../../testing/link-header.js';
import { KEYS, send } from '../../testing/requests.js';

interface ListedKey {
  readonly id: string;
}

describe('the pages of GET /v1/identity/api-keys', () => {
  let host: Host;
  let tenant: Tenant;

  beforeAll(async () => {
    host = await startHost();
    tenant = await createTenant(host);
    const other = await createTenant(host, 'Other');
    for (let index = 0; index < 11; index += 1) {
      // Keys of one instant are told apart by their ids.
      if (index % 3 === 0) host.identity.clock.advance(1);
      await created(host, tenant.key, { name: `key ${index}` });
      await created(host, other.key, { name: 'foreign' });
    }
  });

  afterAll(() => host.app.close());

  const get = (path: string) => send(host, 'GET', path, { key: tenant.key });
  const ids = async (query = '') => ((await get(KEYS + query)).body as ListedKey[]).map(({ id }) => id);

  /** Every id from page to page, with something else done between them. */
  async function followed(
    path: string,
    between: () => Promise<unknown> = () => Promise.resolve(),
  ): Promise<string[][]> {
    const pages: string[][] = [];
    for (let next: string | null = path; next !== null; await between()) {
      const { status, headers, body } = await get(next);
      expect(status).toBe(200);
      pages.push((body as ListedKey[]).map(({ id }) => id));
      next = nextPage(headers, next);
    }
    return pages;
  }

  it.each([1, 2, 5, 11, 12, 13, 1000])(
    'of %i lead through all keys, each once, in the order of the list',
    async (limit) => {
      const all = await ids();
      const pages = await followed(`${KEYS}?limit=${limit}`);
      expect(pages.flat()).toEqual(all);
      expect(all).toHaveLength(12);
      expect(pages.length).toBe(Math.ceil(12 / limit));
      expect(pages.slice(0, -1).every((page) => page.length === limit)).toBe(true);
    },
  );

  it('have no Link header at the end, nor does a list that has one page', async () => {
    expect((await get(KEYS)).headers.get('link')).toBeNull();
    expect((await get(`${KEYS}?limit=12`)).headers.get('link')).toBeNull();
  });

  it('show every key once that is there all the time, while others come and go', async () => {
    const all = await ids();
    const [doomed = ''] = all.slice(4, 5);
    const pages = await followed(`${KEYS}?limit=2`, async () => {
      host.identity.clock.advance(1);
      await created(host, tenant.key, { name: 'meanwhile' });
      await send(host, 'DELETE', `${KEYS}/${doomed}`, { key: tenant.key });
    });
    expect(pages.flat()).toEqual(all.filter((id) => id !== doomed));
  });

  it('go on behind a key that was revoked after its page was shown', async () => {
    const all = await ids();
    const { headers } = await get(`${KEYS}?limit=3`);
    await send(host, 'DELETE', `${KEYS}/${all[2] ?? ''}`, { key: tenant.key });
    expect((await followed(nextPage(headers, KEYS) ?? '')).flat()).toEqual(all.slice(3));
  });

  it('keep what else was asked for, and name one cursor', async () => {
    const query = 'limit=1&include_revoked=true&cursor=&note=a%26b?c+d%3E&x=1&x=2&%C3%BC=%E2%82%AC';
    const first = (await get(`${KEYS}?limit=1`)).headers;
    const cursor = new URL(nextPage(first, KEYS) ?? '', 'http://a').searchParams.get('cursor') ?? '';
    const { headers } = await get(`${KEYS}?cursor=nonsense&${query.replace('cursor=', `cursor=${cursor}`)}`);
    const [link, ...more] = parseLinks(headers.get('link') ?? '');
    const asked = [...new URL(link?.target ?? '', 'http://a').searchParams];
    expect(more).toEqual([]);
    expect(link?.parameters).toEqual({ rel: 'next' });
    expect(asked.filter(([name]) => name === 'cursor')).toHaveLength(1);
    expect(asked.filter(([name]) => name !== 'cursor')).toEqual([
      ['limit', '1'],
      ['include_revoked', 'true'],
      ['note', 'a&b?c d>'],
      ['x', '1'],
      ['x', '2'],
      ['ü', '€'],
    ]);
  });

  it('are linked relative to the address of the list, so that the prefix of a proxy stays', async () => {
    const { headers } = await get(`${KEYS}?limit=1`);
    const target = parseLinks(headers.get('link') ?? '')[0]?.target ?? '';
    expect(target).toMatch(/^api-keys\?limit=1&cursor=[\w-]+$/);
    const next = new URL(target, `https://api.test/feather${KEYS}?limit=1`);
    expect(next.origin + next.pathname).toBe(`https://api.test/feather${KEYS}`);
  });

  it.each(['https://api.test/feather', 'https://api.test/feather/'])(
    'are linked under the public URL of an application that has one: %s',
    async (publicUrl) => {
      const known = await startHost({ identity: { publicUrl } });
      const { key } = await createTenant(known);
      await created(known, key);
      const { headers } = await send(known, 'GET', `${KEYS}?limit=1`, { key });
      await known.app.close();
      const target = parseLinks(headers.get('link') ?? '')[0]?.target;
      expect(target).toMatch(/^https:\/\/api\.test\/feather\/v1\/identity\/api-keys\?limit=1&cursor=/);
    },
  );

  it('lead nowhere but to keys of the caller, whoever made the cursor', async () => {
    const stranger = await createTenant(host, 'Stranger');
    const next = nextPage((await get(`${KEYS}?limit=1`)).headers, KEYS) ?? '';
    const { status, body } = await send(host, 'GET', next, { key: stranger.key });
    expect([status, body]).toEqual([200, []]);
  });
});
