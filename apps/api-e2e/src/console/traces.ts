import type { Visitor } from './browser.js';

/** Everything that a browser keeps of the pages of a visitor: storages, cookies, addresses, and what stands in the page. */
export async function traceOf({ context, page }: Visitor): Promise<unknown> {
  const kept = await page.evaluate(async () => ({
    local: Object.entries(localStorage),
    session: Object.entries(sessionStorage),
    databases: await indexedDB.databases(),
    caches: await caches.keys(),
    workers: (await navigator.serviceWorker.getRegistrations()).length,
    state: history.state as unknown,
    name: window.name,
    html: document.documentElement.outerHTML,
  }));
  const devTools = await context.newCDPSession(page);
  const { entries } = await devTools.send('Page.getNavigationHistory');
  return { ...kept, addresses: entries.map(({ url }) => url), cookies: await context.cookies() };
}
