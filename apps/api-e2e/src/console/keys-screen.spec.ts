import { beforeAll, describe, expect, it } from '@jest/globals';
import type { Page } from 'playwright-core';
import { startBrowser, Visitor } from './browser.js';
import { type ConsoleService, startConsole } from './console-service.js';

const MANY = 1000;
const PAGE = 50;
const SHOWN = MANY.toLocaleString('en');

/** From a click until it is painted: a tenth of a second on a free machine, ten times that beside other tests. */
const LONGEST_WAIT_MS = 3000;

describe('the list of keys', () => {
  let consoleService: ConsoleService;
  let visitor: Visitor;
  let page: Page;

  beforeAll(async () => {
    consoleService = await startConsole('sqlite', { SECRET_HASHER: 'hmac-sha256' });
    visitor = await Visitor.arrive(await startBrowser(), consoleService.origin);
    ({ page } = visitor);
    await visitor.signIn(consoleService.service.firstKey);
  });

  /** The keys of these names. */
  async function create(...names: readonly string[]): Promise<Map<string, string>> {
    const { service } = consoleService;
    const keys = await Promise.all(names.map((name) => service.newKey(service.firstKey, name)));
    return new Map(keys.map(({ name, plain_text_key: token }) => [name, token]));
  }

  const status = async (token: string | undefined): Promise<number> =>
    (await consoleService.service.whoami(token ?? '')).status;

  /** Selects keys and asks for what the bar offers. */
  async function select(names: readonly string[], action: 'Disable' | 'Revoke'): Promise<void> {
    await page.reload();
    for (const name of names) await page.getByRole('checkbox', { name: `Select ${name}` }).check();
    await page.getByText(`${names.length} selected`).waitFor();
    await page.getByRole('region', { name: 'Selected keys' }).getByRole('button', { name: action }).click();
    const dialog = page.getByRole('dialog');
    const sure = dialog.getByRole('button', { name: action });
    if (action === 'Revoke') {
      // What cannot be undone asks for more than a click.
      expect(await sure.isDisabled()).toBe(true);
      await dialog.getByLabel('Type the number of keys').fill(String(names.length));
    }
    await sure.click();
    await page.getByText(`${names.length} keys ${action.toLowerCase()}d.`).waitFor();
  }

  it('disables several keys at once, and no other', async () => {
    const tokens = await create('Robot one', 'Robot two', 'Robot three');
    await select(['Robot one', 'Robot two'], 'Disable');
    await page
      .getByRole('row', { name: /Robot one/ })
      .getByText('Disabled')
      .waitFor();
    expect(await status(tokens.get('Robot one'))).toBe(401);
    expect(await status(tokens.get('Robot two'))).toBe(401);
    expect(await status(tokens.get('Robot three'))).toBe(200);
  });

  it('revokes several keys at once, after it has asked', async () => {
    const tokens = await create('Old one', 'Old two', 'Old three');
    await select(['Old one', 'Old two'], 'Revoke');
    await page.getByRole('row', { name: /Old one/ }).waitFor({ state: 'detached' });
    expect(await status(tokens.get('Old one'))).toBe(401);
    expect(await status(tokens.get('Old two'))).toBe(401);
    expect(await status(tokens.get('Old three'))).toBe(200);
    expect(visitor.mishaps).toEqual([]);
  });

  it(`answers the hand with ${MANY} keys`, async () => {
    await fill();
    await page.reload();
    for (let shown = PAGE; shown < MANY; shown += PAGE) {
      await page.getByRole('button', { name: 'Show more' }).click();
      await page.waitForFunction((rows) => document.querySelectorAll('tbody tr').length > rows, shown);
    }
    await page.getByText(`${SHOWN} keys`, { exact: true }).waitFor();
    const waited = await page.evaluate(async () => {
      const boxes = ['tbody tr:nth-child(500) input', 'thead input'].map(
        (path) => document.querySelector(path) as HTMLInputElement,
      );
      const times: number[] = [];
      for (const box of boxes) {
        const begun = performance.now();
        box.click();
        await new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));
        times.push(Math.round(performance.now() - begun));
      }
      return times;
    });
    expect(Math.max(...waited)).toBeLessThan(LONGEST_WAIT_MS);
    await page.getByText(`${SHOWN} selected`).waitFor();
    expect(visitor.mishaps).toEqual([]);
  });

  /** Makes as many keys as are missing, by rows: to make each by a request would take long. */
  async function fill(): Promise<void> {
    const { installation, service } = consoleService;
    const there = (await service.list(service.firstKey)).length;
    await installation.database.query(`
      INSERT INTO api_keys (id, organization_id, member_id, name, key_prefix, scopes, unrestricted, created_at)
      WITH RECURSIVE numbers(n) AS (SELECT ${there + 1} UNION ALL SELECT n + 1 FROM numbers WHERE n < ${MANY})
      SELECT printf('01a00000-0000-7000-8000-%012d', n), organization_id, member_id, 'Key ' || n,
        printf('fth_live_%08d', n), '["orders:read","orders:write","reports:read"]', 0, created_at
      FROM (SELECT * FROM api_keys LIMIT 1), numbers`);
  }
});
