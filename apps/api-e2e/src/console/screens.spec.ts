import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import { WORKSPACE } from '../support/workspace.js';
import { violationsOf } from './accessibility.js';
import { startBrowser, Visitor } from './browser.js';
import { type ConsoleService, startConsole } from './console-service.js';
import { seedKeys } from './seed.js';

/** Kept to be looked at. */
const PICTURES = join(WORKSPACE, 'test-results/console');

/** The dark theme has the same elements at every width: it is looked at once, with the rules that it can break. */
const VIEWS: readonly { width: number; colorScheme: 'light' | 'dark'; rules?: readonly string[] }[] = [
  { width: 390, colorScheme: 'light' },
  { width: 900, colorScheme: 'light' },
  { width: 1600, colorScheme: 'light' },
  { width: 1600, colorScheme: 'dark', rules: ['color-contrast'] },
];

type Who = 'nobody' | 'tenant' | 'operator' | 'newcomer';

/** Opens a screen in a page of the console. */
type Steps = (page: Page) => Promise<void>;

const press = (page: Page, name: string): Promise<void> => page.getByRole('button', { name, exact: true }).click();

const openKey = (page: Page, name: string): Promise<void> =>
  page.getByRole('link', { name, exact: true }).first().click();

interface Screen {
  readonly name: string;
  readonly who: Who;
  /** Below `/console`; none if it is a dialog of the screen before. */
  readonly path?: string;
  readonly steps?: Steps;
}

/** Every screen, every dialog, and what they say when there is nothing to show. */
const SCREENS: readonly Screen[] = [
  { name: 'sign-in', who: 'nobody', path: '/sign-in' },
  {
    name: 'sign-in-refused',
    who: 'nobody',
    path: '/sign-in',
    steps: async (page) => {
      await page.getByLabel('API key').fill('fth_live_nothing');
      await press(page, 'Sign in');
      await page.getByText('This key is not accepted.').waitFor();
    },
  },
  { name: 'keys-first', who: 'newcomer', path: '/keys' },
  { name: 'keys', who: 'tenant', path: '/keys' },
  { name: 'keys-none', who: 'tenant', path: '/keys?q=nothing+like+this' },
  {
    name: 'keys-selected',
    who: 'tenant',
    path: '/keys',
    steps: async (page) => {
      await page.getByRole('checkbox', { name: 'Select Nightly export' }).check();
      await page.getByRole('checkbox', { name: 'Select CI pipeline' }).check();
    },
  },
  {
    name: 'keys-bulk',
    who: 'tenant',
    path: '/keys',
    steps: async (page) => {
      await page.getByRole('checkbox', { name: 'Select all keys that are shown' }).check();
      await press(page, 'Revoke');
    },
  },
  { name: 'create', who: 'tenant', path: '/keys/new' },
  {
    name: 'create-wrong',
    who: 'tenant',
    path: '/keys/new',
    steps: async (page) => {
      await page.getByText('Limits and addresses').click();
      await press(page, 'Create key');
    },
  },
  {
    name: 'created',
    who: 'tenant',
    path: '/keys/new',
    steps: async (page) => {
      await page.getByLabel('Name').fill('Page of the winter campaign');
      await page.getByLabel('Another scope').fill('orders:read');
      await press(page, 'Add');
      await press(page, 'Create key');
      await page.getByRole('button', { name: 'Copy key' }).waitFor();
    },
  },
  {
    name: 'created-leaving',
    who: 'tenant',
    steps: (page) => page.getByRole('link', { name: 'Go on' }).click(),
  },
  { name: 'key', who: 'tenant', path: '/keys', steps: (page) => openKey(page, 'Web shop, production') },
  { name: 'key-rotating', who: 'tenant', path: '/keys', steps: (page) => openKey(page, 'Partner: Globex') },
  { name: 'key-edit', who: 'tenant', steps: (page) => press(page, 'Edit') },
  {
    name: 'key-rotate',
    who: 'tenant',
    path: '/keys',
    steps: async (page) => {
      await openKey(page, 'Data warehouse');
      await press(page, 'Rotate');
    },
  },
  {
    name: 'key-revoke',
    who: 'tenant',
    path: '/keys',
    steps: async (page) => {
      await openKey(page, 'CI pipeline');
      await press(page, 'Revoke');
    },
  },
  {
    name: 'key-revoked',
    who: 'tenant',
    path: '/keys?status=revoked',
    steps: (page) => openKey(page, 'Leaked in a ticket'),
  },
  { name: 'key-missing', who: 'tenant', path: '/keys/01a00000-0000-7000-8000-000000000000' },
  { name: 'usage', who: 'tenant', path: '/usage' },
  { name: 'audit', who: 'tenant', path: '/audit' },
  { name: 'policy', who: 'tenant', path: '/policy' },
  { name: 'sessions', who: 'tenant', path: '/sessions' },
  {
    name: 'menu',
    who: 'tenant',
    path: '/keys',
    steps: (page) => page.getByRole('button', { name: /^Owner key/ }).click(),
  },
  { name: 'nowhere', who: 'tenant', path: '/nowhere' },
  { name: 'organizations', who: 'operator', path: '/organizations' },
  {
    name: 'organization',
    who: 'operator',
    path: '/organizations',
    steps: (page) => page.getByRole('main').getByRole('link', { name: 'Acme Foods' }).first().click(),
  },
  { name: 'operator-usage', who: 'operator', path: '/usage' },
  { name: 'operator-audit', who: 'operator', path: '/audit' },
  { name: 'operator-sessions', who: 'operator', path: '/sessions' },
];

describe('every screen of the console', () => {
  let consoleService: ConsoleService;
  let browser: Browser;
  const visitors = new Map<Who, Visitor>();

  beforeAll(async () => {
    consoleService = await startConsole('sqlite', {
      SECRET_HASHER: 'hmac-sha256',
      BOOTSTRAP_ORGANIZATION_NAME: 'Acme Foods',
    });
    const { installation, service, origin } = consoleService;
    browser = await startBrowser();
    await mkdir(PICTURES, { recursive: true });
    const link = installation.run(['console', 'link'], { PORT: new URL(origin).port });
    const created = installation.run(['organization', 'create', '--name', 'Globex', '--json']);
    await seedKeys(service, installation.database);
    const arrive = async (who: Who, come: (visitor: Visitor) => Promise<void>): Promise<void> => {
      // Nothing moves in a picture.
      const visitor = await Visitor.arrive(browser, origin, { reducedMotion: 'reduce' });
      await come(visitor);
      visitors.set(who, visitor);
    };
    await arrive('nobody', () => Promise.resolve());
    await arrive('tenant', (visitor) => visitor.signIn(service.firstKey));
    await arrive('newcomer', async (visitor) => {
      await visitor.signIn((JSON.parse((await created).stdout) as { plain_text_key: string }).plain_text_key);
    });
    await arrive('operator', async (visitor) => {
      await visitor.open((await link).stdout.trim());
      await visitor.page.getByRole('navigation').waitFor();
    });
  });

  it.each(SCREENS)('$name can be used by everybody, at every width, in light and dark', async (screen) => {
    const { name, who, path, steps } = screen;
    const visitor = visitors.get(who)!;
    const { page } = visitor;
    await page.setViewportSize({ width: 1280, height: 900 });
    if (path !== undefined) await visitor.open(path);
    await visitor.settled();
    await steps?.(page);
    await visitor.settled();
    const problems = new Map<string, string[]>();
    for (const { width, colorScheme, rules } of VIEWS) {
      await page.setViewportSize({ width, height: 900 });
      await page.emulateMedia({ colorScheme });
      await page.evaluate(() => window.scrollTo(0, 0));
      await page.screenshot({ path: join(PICTURES, `${name}-${width}-${colorScheme}.png`), fullPage: true });
      for (const problem of [...(await overflowOf(page)), ...(await violationsOf(page, rules))]) {
        problems.set(problem, [...(problems.get(problem) ?? []), `${width} px, ${colorScheme}`]);
      }
    }
    expect([...problems, ...visitor.mishaps.splice(0)]).toEqual([]);
  });
});

/** By how much a page is wider than its window, so that it would have to be moved to be read. */
async function overflowOf(page: Page): Promise<string[]> {
  const pixels = await page.evaluate(() => {
    const { scrollWidth, clientWidth } = document.documentElement;
    return scrollWidth - clientWidth;
  });
  return pixels > 0 ? [`${pixels} px wider than the window`] : [];
}
