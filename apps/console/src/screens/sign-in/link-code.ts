import { useSyncExternalStore } from 'react';

/** The code of a sign-in link: `#code=...`. It is in the fragment, which browsers send to no server. */
export function codeIn(hash: string): string | null {
  return new URLSearchParams(hash.replace(/^#/, '')).get('code');
}

let waiting: string | null = null;
const listeners = new Set<() => void>();

function become(code: string | null): void {
  waiting = code;
  for (const each of listeners) each();
}

/**
 * Removes codes from the address and the history, when the page is loaded and whenever one comes later. Only a code at the
 * page to sign in is kept for it; elsewhere a code is dropped.
 */
export function takeCodes(signInPath: string): void {
  const take = (): void => {
    const code = codeIn(location.hash);
    if (code === null) return;
    history.replaceState(history.state, '', location.pathname + location.search);
    if (location.pathname === signInPath) become(code);
  };
  take();
  addEventListener('hashchange', take);
}

/** The code that nobody has used yet. */
export function useLinkCode(): string | null {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => waiting,
  );
}

/** Takes the code, if it was not taken yet: a link works once. */
export function spendCode(): string | null {
  const code = waiting;
  become(null);
  return code;
}
