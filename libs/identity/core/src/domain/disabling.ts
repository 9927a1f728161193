/** Since when something is disabled after a change; null while it is active. `isActive` is undefined where it stays as it is. */
export function disabledAfter(disabledAt: Date | null, isActive: boolean | undefined, now: Date): Date | null {
  if (isActive === undefined) return disabledAt;
  return isActive ? null : (disabledAt ?? now);
}
