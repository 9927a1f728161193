/** Whether a process of these settings works: `warning` if it does now and may not later or elsewhere. */
export type CheckState = 'ok' | 'warning' | 'problem';

/** The outcome of one check. */
export interface Check {
  readonly check: string;
  readonly state: CheckState;
  /** What was found, and what to do about it. */
  readonly message: string;
}

/** Makes the checks of one subject. */
export function checksOf(check: string): Readonly<Record<CheckState, (message: string) => Check>> {
  const make = (state: CheckState) => (message: string) => ({ check, state, message });
  return { ok: make('ok'), warning: make('warning'), problem: make('problem') };
}
