import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Page } from 'playwright-core';
import { DATABASES } from '../support/database.js';
import { eventually } from '../support/eventually.js';
import { partsOf } from '../support/tokens.js';
import { startBrowser, Visitor } from './browser.js';
import { type ConsoleService, printedLink, startConsole } from './console-service.js';
import { traceOf } from './traces.js';

const GRACE_SECONDS = 5;

const shell = promisify(execFile);

describe.each(DATABASES)('the life of a key in the console, on %s', (database) => {
  let consoleService: ConsoleService;
  let visitor: Visitor;
  let page: Page;
  let har: string;
  let first: string;
  let second: string;
  let rotatedAt: number;

  beforeAll(async () => {
    consoleService = await startConsole(database);
    const { installation, service, origin } = consoleService;
    har = join(installation.folder, 'network.har');
    visitor = await Visitor.arrive(await startBrowser(), origin, { recordHar: { path: har } });
    ({ page } = visitor);
    await visitor.open(await printedLink(service));
  });

  afterAll(() => visitor.context.close());

  it('begins with the link of the terminal, which signs in and leaves the address', async () => {
    await page.getByRole('heading', { name: 'Keys', exact: true }).waitFor();
    expect(page.url()).toBe(`${consoleService.origin}/console/keys`);
  });

  it('creates a key with one scope, and copies it', async () => {
    await page.getByRole('link', { name: 'Create key' }).click();
    await page.getByLabel('Name').fill('Web shop');
    await page.getByLabel('Another scope').fill('orders:read');
    await page.getByRole('button', { name: 'Add' }).click();
    await page.getByRole('button', { name: 'Create key' }).click();
    await page.getByRole('button', { name: 'Copy key' }).click();
    await page.getByText('Copied', { exact: true }).waitFor();
    first = await visitor.copied();
    expect(first).toMatch(/^fth_live_[0-9A-Za-z]{46}$/);
    expect(await consoleService.service.whoami(first)).toMatchObject({
      status: 200,
      body: { api_key: { name: 'Web shop', scopes: ['orders:read'] } },
    });
  });

  it('shows a command that works as it stands in a shell', async () => {
    await page.getByRole('button', { name: 'Copy command' }).click();
    await eventually(async () => (await visitor.copied()).startsWith('curl '));
    const { stdout } = await shell('sh', ['-c', `${await visitor.copied()} --silent --show-error`]);
    expect(JSON.parse(stdout)).toMatchObject({ api_key: { name: 'Web shop' } });
  });

  it('shows the use of the key, and from where', async () => {
    await page.getByRole('link', { name: 'Done' }).click();
    await eventually(async () => {
      await page.reload();
      await visitor.settled();
      const facts = await page.getByRole('region', { name: 'Facts' }).textContent();
      const usage = await page.getByRole('region', { name: 'Usage' }).textContent();
      const fromCurl = /Last used(?:just now|.*ago).*127\.0\.0\.1.*curl\//s.test(facts ?? '');
      return fromCurl && /2\s*accepted/.test(usage ?? '');
    });
  });

  it('finds a key by the whole key, of which the address gets the public part', async () => {
    await page.getByRole('link', { name: 'Keys', exact: true }).first().click();
    await page.getByRole('searchbox').fill(first);
    await page.getByText('The secret of the pasted key was cut off here.').waitFor();
    await visitor.settled();
    expect(await page.getByRole('row').count()).toBe(2);
    expect(page.url()).toBe(`${consoleService.origin}/console/keys?q=${first.slice(0, 17)}`);
    await page.getByRole('link', { name: 'Web shop' }).click();
  });

  it('rotates with grace: both secrets work', async () => {
    // The shortest grace that is offered takes longer than a test.
    await page.route('**/rotate', (route) => route.continue({ postData: `{"grace_period_seconds":${GRACE_SECONDS}}` }));
    await page.getByRole('button', { name: 'Rotate' }).click();
    await page.getByRole('radio', { name: '1 hour' }).check();
    await page.getByRole('dialog').getByRole('button', { name: 'Rotate' }).click();
    await page.getByRole('button', { name: 'Copy key' }).click();
    rotatedAt = performance.now();
    await page.getByText('Copied', { exact: true }).waitFor();
    second = await visitor.copied();
    expect(second).not.toBe(first);
    expect(await consoleService.service.whoami(second)).toMatchObject({ status: 200 });
    expect(await consoleService.service.whoami(first)).toMatchObject({ status: 200 });
    await page.getByRole('button', { name: 'Done' }).click();
    await page.getByText('The old secret works for another').waitFor();
  });

  it('and after the grace the new one alone', async () => {
    await sleep(Math.max(0, rotatedAt + GRACE_SECONDS * 1000 - performance.now()));
    await eventually(async () => (await consoleService.service.whoami(first)).status === 401);
    expect(await consoleService.service.whoami(second)).toMatchObject({ status: 200 });
    await page.getByText('The old secret works for another').waitFor({ state: 'detached' });
  });

  it('revokes it after its name was typed', async () => {
    await page.getByRole('button', { name: 'Revoke' }).click();
    const revoke = page.getByRole('dialog').getByRole('button', { name: 'Revoke key' });
    await page.getByRole('textbox', { name: /to confirm/ }).fill('Web');
    expect(await revoke.isDisabled()).toBe(true);
    await page.getByRole('textbox', { name: /to confirm/ }).fill('Web shop');
    await revoke.click();
    await page.getByText('The key is revoked.').waitFor();
    expect(await consoleService.service.whoami(second)).toMatchObject({ status: 401 });
  });

  it('reads its trail, newest first', async () => {
    const trail = page.getByRole('region', { name: 'Audit trail' });
    await trail.getByText('revoked').waitFor();
    const headlines = trail.locator('.trail-what > div');
    expect(await headlines.allTextContents()).toEqual(
      ['revoked', 'rotated', 'created'].map((what) => expect.stringMatching(new RegExp(`^Owner key ${what} `))),
    );
  });

  it('leaves no secret anywhere but in the two answers that showed one', async () => {
    const { service, installation } = consoleService;
    const secrets = [first, second, service.firstKey].map((token) => partsOf(token).secret);
    const trace = await traceOf(visitor);
    await visitor.context.close();
    const { entries } = (JSON.parse(await readFile(har, 'utf8')) as { log: { entries: HarEntry[] } }).log;
    const told = entries.filter((entry) => secrets.some((secret) => JSON.stringify(entry).includes(secret)));
    expect(told.map(({ request: { method }, response: { status } }) => [method, status])).toEqual([
      ['POST', 201],
      ['POST', 200],
    ]);
    for (const { request } of told) expect(secretsIn(request, secrets)).toEqual([]);
    expect(secretsIn([trace, visitor.messages], secrets)).toEqual([]);
    // The first key is printed at the start.
    expect(secretsIn(service.output, secrets.slice(0, 2))).toEqual([]);
    expect(secretsIn(await installation.database.dump(), secrets)).toEqual([]);
    expect(visitor.mishaps).toEqual([]);
  });
});

interface HarEntry {
  readonly request: { readonly method: string; readonly url: string };
  readonly response: { readonly status: number };
}

function secretsIn(what: unknown, secrets: readonly string[]): string[] {
  const text = JSON.stringify(what);
  return secrets.filter((secret) => text.includes(secret));
}
