import { useSyncExternalStore, type ReactElement } from 'react';
import { countdown, localClock, localDate, localTime, relativeTime, utcTime } from '../format/time.js';

/** One timer for everything on the page that changes with time. */
function ticker(everyMs: number): (listener: () => void) => () => void {
  const listeners = new Set<() => void>();
  let timer: ReturnType<typeof setInterval> | undefined;
  return (listener) => {
    listeners.add(listener);
    timer ??= setInterval(() => listeners.forEach((each) => each()), everyMs);
    return () => {
      listeners.delete(listener);
      if (listeners.size > 0) return;
      clearInterval(timer);
      timer = undefined;
    };
  };
}

const TICKS = {
  minute: { every: 15_000, subscribe: ticker(15_000) },
  second: { every: 1000, subscribe: ticker(1000) },
};

/** Milliseconds since 1970, kept up to date. */
export function useNow(precision: 'minute' | 'second' = 'minute'): number {
  const { every, subscribe } = TICKS[precision];
  return useSyncExternalStore(subscribe, () => Math.floor(Date.now() / every) * every + every);
}

/** An instant: how long ago, or the local date or time of day; the exact UTC instant on hover and for the keyboard's focus. */
export function Time({
  at,
  as = 'relative',
}: {
  readonly at: string;
  readonly as?: 'relative' | 'date' | 'time' | 'clock';
}): ReactElement {
  const now = useNow();
  const instant = Date.parse(at);
  // The clock of `useNow` is up to 15 seconds ahead; what has just happened did not happen later than now.
  const text = {
    relative: () => relativeTime(instant, now),
    date: () => localDate(instant),
    time: () => localTime(instant),
    clock: () => localClock(instant),
  };
  return (
    <time dateTime={at} data-tip={as === 'relative' ? `${localTime(instant)}\n${utcTime(instant)}` : utcTime(instant)}>
      {text[as]()}
    </time>
  );
}

/** What is left until an instant, by the second. */
export function Countdown({ until }: { readonly until: string }): ReactElement {
  const now = useNow('second');
  const instant = Date.parse(until);
  return (
    <time dateTime={until} data-tip={`${localTime(instant)}\n${utcTime(instant)}`}>
      {countdown(instant - now)}
    </time>
  );
}
