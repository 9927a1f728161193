import { useSyncExternalStore } from 'react';

/** `system`: as the operating system has it. */
export type Theme = 'system' | 'light' | 'dark';

const STORED = 'feather-theme';
const listeners = new Set<() => void>();

function stored(): Theme {
  // The storage may be blocked.
  try {
    const value = localStorage.getItem(STORED);
    return value === 'light' || value === 'dark' ? value : 'system';
  } catch {
    return 'system';
  }
}

let current = stored();

function apply(): void {
  if (current === 'system') delete document.documentElement.dataset['theme'];
  else document.documentElement.dataset['theme'] = current;
}
apply();

/** Changes the theme, and keeps it for the next visit. */
export function setTheme(theme: Theme): void {
  current = theme;
  apply();
  try {
    if (theme === 'system') localStorage.removeItem(STORED);
    else localStorage.setItem(STORED, theme);
  } catch {
    // Then it lasts as long as the page.
  }
  listeners.forEach((listener) => listener());
}

/** The chosen theme. */
export function useTheme(): Theme {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => current,
  );
}
