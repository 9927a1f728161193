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

function nowOf(every: number): number {
  return Math.floor(Date.now() / every) * every + every;
}

/** Milliseconds since 1970, kept up to date. */
export function useNow(precision: 'minute' | 'second' = 'minute'): number {
  return useOfNow((now) => now, precision);
}

/** What `read` makes of the time. Renders again only if that changes: a list has thousands of times. */
export function useOfNow<Value extends string | number>(
  read: (now: number) => Value,
  precision: 'minute' | 'second' = 'minute',
): Value {
  const { every, subscribe } = TICKS[precision];
  return useSyncExternalStore(subscribe, () => read(nowOf(every)));
}

const LOCAL = { date: localDate, time: localTime, clock: localClock };

/** An instant: how long ago, or the local date, time of day or both; the exact UTC instant on hover. */
export function Time({
  at,
  as = 'relative',
}: {
  readonly at: string;
  readonly as?: 'relative' | 'date' | 'time' | 'clock';
}): ReactElement {
  const instant = Date.parse(at);
  const text = useOfNow((now) => (as === 'relative' ? relativeTime(instant, now) : LOCAL[as](instant)));
  return (
    <time dateTime={at} data-tip={as === 'relative' ? `${localTime(instant)}\n${utcTime(instant)}` : utcTime(instant)}>
      {text}
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
