import { startMinimalApp } from './minimal-app.mjs';

const idleGuard = { canActivate: () => true };

/** The ceiling: the route with nothing before it, or with a guard that does nothing. */
export async function start({ idle = false }) {
  return { ...(await startMinimalApp(idle ? { guard: idleGuard } : {})), key: null };
}
