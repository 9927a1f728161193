import { beforeAll, describe, expect, it } from '@jest/globals';
import type { Locator, Page } from 'playwright-core';
import type { Service } from '../support/service.js';
import { startBrowser, Visitor } from './browser.js';
import { startConsole } from './console-service.js';

const MOST_STOPS = 60;

describe('the console without a mouse', () => {
  let service: Service;
  let visitor: Visitor;
  let page: Page;

  beforeAll(async () => {
    const started = await startConsole('sqlite', { SECRET_HASHER: 'hmac-sha256' });
    ({ service } = started);
    visitor = await Visitor.arrive(await startBrowser(), started.origin);
    ({ page } = visitor);
  });

  /** Tabs until this has the focus. Each stop on the way must show that it has it. */
  async function tabTo(target: Locator, key: 'Tab' | 'Shift+Tab' = 'Tab'): Promise<void> {
    await target.waitFor();
    for (let stop = 0; stop < MOST_STOPS; stop++) {
      await page.keyboard.press(key);
      const { name, shown } = await page.evaluate(focused);
      if (name !== 'BODY') expect({ name, shown }).toEqual({ name, shown: true });
      if (await hasFocus(target)) return;
    }
    throw new Error(`The keyboard does not reach ${String(target)}.`);
  }

  const hasFocus = (target: Locator): Promise<boolean> =>
    target.evaluate((element) => element === document.activeElement);

  const button = (name: string): Locator => page.getByRole('button', { name, exact: true });

  it('signs in', async () => {
    await visitor.open('/sign-in');
    expect(await hasFocus(page.getByLabel('API key'))).toBe(true);
    await page.keyboard.type(service.firstKey);
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Keys', exact: true }).waitFor();
  });

  it('skips what is on every page', async () => {
    await page.keyboard.press('Tab');
    await tabTo(page.getByRole('link', { name: 'Skip to the page' }), 'Shift+Tab');
    await page.keyboard.press('Enter');
    await page.keyboard.press('Tab');
    expect(await hasFocus(page.getByRole('main').getByRole('link', { name: 'Create key' }).first())).toBe(true);
  });

  it('is led to what is wrong in a form', async () => {
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Create a key' }).waitFor();
    await tabTo(button('Create key'));
    await page.keyboard.press('Enter');
    await page.getByText('Give the key a name').waitFor();
    expect(await hasFocus(page.getByLabel('Name'))).toBe(true);
  });

  it('creates a key and copies it', async () => {
    await page.keyboard.type('By hand');
    await tabTo(page.getByLabel('Another scope'));
    await page.keyboard.type('orders:read');
    await page.keyboard.press('Enter');
    await tabTo(button('Create key'));
    await page.keyboard.press('Enter');
    await button('Copy key').waitFor();
    expect(await hasFocus(button('Copy key'))).toBe(true);
    await page.keyboard.press('Enter');
    await page.getByText('Copied', { exact: true }).waitFor();
    expect(await service.whoami(await visitor.copied())).toMatchObject({ status: 200 });
  });

  it('leaves a dialog by Escape, back to what opened it', async () => {
    await tabTo(page.getByRole('link', { name: 'Done' }));
    await page.keyboard.press('Enter');
    await tabTo(button('Revoke'));
    await page.keyboard.press('Enter');
    await page.getByRole('dialog').waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    expect(await hasFocus(button('Revoke'))).toBe(true);
  });

  it('stays in a dialog while it is open', async () => {
    await page.keyboard.press('Enter');
    await page.getByRole('dialog').waitFor();
    for (let stop = 0; stop < 10; stop++) {
      await page.keyboard.press('Tab');
      // After the last control comes the browser's own, which the page sees as its body.
      const stays = () =>
        document.activeElement === document.body || document.activeElement?.closest('dialog') !== null;
      expect(await page.evaluate(stays)).toBe(true);
    }
  });

  it('revokes the key', async () => {
    await tabTo(page.getByRole('textbox', { name: /to confirm/ }));
    await page.keyboard.type('By hand');
    await page.keyboard.press('Enter');
    await page.getByText('The key is revoked.').waitFor();
    const key = (await service.list(service.firstKey)).find(({ name }) => name === 'By hand');
    expect(key).toBeUndefined();
  });

  it('chooses a theme in what the account opens, and leaves it by Escape', async () => {
    const account = page.getByRole('button', { name: service.firstKey.slice(0, 17) });
    await tabTo(account);
    await page.keyboard.press('Enter');
    await tabTo(page.getByRole('radio', { name: 'System' }));
    await page.keyboard.press('ArrowLeft');
    expect(await hasFocus(page.getByRole('radio', { name: 'Dark' }))).toBe(true);
    await page.keyboard.press('Escape');
    expect(await hasFocus(account)).toBe(true);
    expect(visitor.mishaps).toEqual([]);
  });
});

/** What has the focus in a page, and whether it can be seen: an outline of its own, of what covers it, or of its label, or another ground. */
function focused(): { readonly name: string; readonly shown: boolean } {
  const element = document.activeElement ?? document.body;
  const outlined = (of: Element, pseudo?: string): boolean => {
    const { outlineStyle, outlineWidth } = getComputedStyle(of, pseudo);
    return outlineStyle !== 'none' && Number.parseFloat(outlineWidth) >= 1;
  };
  const label = element.closest('label');
  // A bar of a chart stands before another ground.
  const slot = element.querySelector(':scope > .slot');
  const marked = slot !== null && !/transparent|, 0\)/.test(getComputedStyle(slot).fill);
  const shown = marked || outlined(element) || outlined(element, '::after') || (label !== null && outlined(label));
  const name = element === document.body ? 'BODY' : element.outerHTML.slice(0, 200);
  return { name, shown };
}
