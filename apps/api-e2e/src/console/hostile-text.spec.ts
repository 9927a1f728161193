import { beforeAll, describe, expect, it } from '@jest/globals';
import type { CreatedKey, Service } from '../support/service.js';
import { startBrowser, Visitor } from './browser.js';
import { startConsole } from './console-service.js';

/** Turns what follows around, so that `gnp.exe` looks like a picture. */
const RIGHT_TO_LEFT = '\u202E';

const HOSTILE = [
  '<script>ran("script")</script>',
  '"><img src=x onerror=ran("image")>',
  '<svg onload=ran("svg")>',
  'javascript:ran("link")',
  '[look](javascript:ran("markdown"))',
  'https://evil.example/take?key=',
  '{{constructor.constructor("ran(1)")()}}',
  `${RIGHT_TO_LEFT}gnp.exe`,
];

/** Every screen that shows what other people wrote. */
const PATHS = ['/keys', '/keys/new', '/usage', '/audit', '/policy', '/sessions'];
const OPERATOR_PATHS = ['/organizations', '/usage', '/audit', '/sessions'];

interface Organization {
  readonly organization: { readonly id: string };
  readonly api_key: { readonly plain_text_key: string };
}

describe('text that other people wrote', () => {
  let service: Service;
  let origin: string;
  let tenant: Visitor;
  let operator: Visitor;
  let organization: string;
  let ids: readonly string[];

  beforeAll(async () => {
    const started = await startConsole('sqlite', { SECRET_HASHER: 'hmac-sha256' });
    ({ service, origin } = started);
    const { installation } = started;
    const browser = await startBrowser();
    const [root, link] = await Promise.all([
      installation.run(['operator', 'key', 'create', '--name', HOSTILE[0] ?? '', '--unrestricted', '--json']),
      installation.run(['console', 'link'], { PORT: new URL(origin).port }),
    ]);
    const operatorKey = (JSON.parse(root.stdout) as { plain_text_key: string }).plain_text_key;
    const asOperator = async (path: string, body: unknown): Promise<unknown> =>
      (
        await service.send(`/v1/operator/organizations${path}`, {
          method: 'POST',
          headers: { 'x-api-key': operatorKey },
          body,
        })
      ).body;

    const made = (await asOperator('', {
      name: HOSTILE[1],
      owner_external_id: HOSTILE[2],
      owner_display_name: HOSTILE[3],
      first_key_scopes: ['*'],
    })) as Organization;
    organization = made.organization.id;
    const key = made.api_key.plain_text_key;
    for (const [index, text] of HOSTILE.entries()) {
      await asOperator(`/${organization}/members`, { external_id: `${index} ${text}`, display_name: text, role: text });
    }
    const keys = await Promise.all(
      HOSTILE.map(async (text) => {
        const created = (
          await service.create(key, { name: text, description: HOSTILE.join(' '), metadata: { [text]: text } })
        ).body as CreatedKey;
        await service.send('/v1/identity/whoami', {
          headers: { 'x-api-key': created.plain_text_key, 'user-agent': text.replace(RIGHT_TO_LEFT, '') },
        });
        await service.send(`/v1/identity/api-keys/${created.id}`, {
          method: 'PATCH',
          headers: { 'x-api-key': key },
          body: { name: `${text} renamed` },
        });
        return created;
      }),
    );
    ids = keys.map(({ id }) => id);
    tenant = await Visitor.arrive(browser, origin);
    await tenant.signIn(key);
    operator = await Visitor.arrive(browser, origin);
    await operator.open(link.stdout.trim());
    await operator.page.getByRole('navigation').waitFor();
  });

  /** Opens a screen and everything in it that can be opened, and looks for what a text has become. */
  async function inspect(visitor: Visitor, path: string): Promise<void> {
    const { page } = visitor;
    await visitor.open(path);
    await visitor.settled();
    await page.evaluate(() => {
      const closed = document.querySelectorAll<HTMLElement>(
        'main [aria-expanded=false], main details:not([open]) summary',
      );
      closed.forEach((each) => each.click());
    });
    const found = await page.evaluate((own) => {
      const elements = [...document.querySelectorAll('script, img, svg, iframe, object, embed, a, form')];
      const strangers = elements.filter((element) => {
        if (element.getAttributeNames().some((name) => name.startsWith('on'))) return true;
        const address = element.getAttribute('href') ?? element.getAttribute('src');
        return address !== null && !new URL(address, document.baseURI).href.startsWith(own);
      });
      const turned = [...document.querySelectorAll('body *')].filter(
        (element) =>
          [...element.childNodes].some(
            (node) => node.nodeType === Node.TEXT_NODE && node.nodeValue?.includes('\u202E'),
          ) &&
          element.closest('option, title, bdi') === null &&
          !['isolate', 'isolate-override', 'plaintext'].includes(getComputedStyle(element).unicodeBidi),
      );
      return [...strangers, ...turned].map(({ outerHTML }) => outerHTML.slice(0, 300));
    }, `${origin}/console/`);
    expect({ path, found, mishaps: visitor.mishaps.splice(0) }).toEqual({ path, found: [], mishaps: [] });
  }

  it.each(PATHS)('neither runs nor leads anywhere at %s', (path) => inspect(tenant, path));

  it.each([HOSTILE[0], HOSTILE.at(-1)])(
    'neither runs nor leads anywhere on the page of the key %j',
    async (text = '') => {
      await inspect(tenant, `/keys/${ids[HOSTILE.indexOf(text)] ?? ''}`);
      expect(await tenant.page.getByRole('heading', { level: 1 }).textContent()).toContain(`${text} renamed`);
    },
  );

  it('is read as it was written in a question before something is done', async () => {
    const { page } = tenant;
    await page.goto(`${origin}/console/keys`);
    const name = `${HOSTILE[1] ?? ''} renamed`;
    await page.getByRole('checkbox', { name: `Select ${name}` }).check();
    await page.getByRole('button', { name: 'Disable' }).click();
    await page.getByRole('dialog').getByText(name).waitFor();
    expect(tenant.mishaps).toEqual([]);
  });

  it.each(OPERATOR_PATHS)('neither runs nor leads anywhere for the operator at %s', (path) => inspect(operator, path));

  it('neither runs nor leads anywhere in the organization that has it', () =>
    inspect(operator, `/organizations/${organization}`));
});
