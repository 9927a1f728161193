import type { ReactElement } from 'react';
import { Field } from '../ui/field.js';
import { requestsOf, WINDOWS, type Quota, type RateLimit } from './limits.js';
import { networksProblem, splitList } from './notes.js';

const MOST_IN_WINDOW = 100_000;
const MOST_IN_PERIOD = 1_000_000_000;

/** Limits and networks as they are typed. */
export interface TypedLimits {
  readonly rate: string;
  readonly window: string;
  readonly quota: string;
  readonly period: 'day' | 'month';
  readonly networks: string;
}

/** Without limits and networks. */
export const NO_LIMITS: TypedLimits = { rate: '', window: '60', quota: '', period: 'month', networks: '' };

/** The limits of a key as they would be typed. */
export function typedLimits(
  rate: RateLimit | null | undefined,
  quota: Quota | null | undefined,
  networks: readonly string[] | undefined,
): TypedLimits {
  return {
    rate: rate ? String(rate.requests) : '',
    window: String(rate?.seconds ?? 60),
    quota: quota ? String(quota.requests) : '',
    period: quota?.period ?? 'month',
    networks: (networks ?? []).join('\n'),
  };
}

/** What is wrong with typed limits, by field. */
export function limitProblems({ rate, quota, networks }: TypedLimits): {
  rate: string | null;
  quota: string | null;
  networks: string | null;
} {
  const wrong = (text: string, most: number): string | null =>
    text.trim() === '' || requestsOf(text, most) !== undefined
      ? null
      : `A whole number from 1 to ${most.toLocaleString('en')}.`;
  return {
    rate: wrong(rate, MOST_IN_WINDOW),
    quota: wrong(quota, MOST_IN_PERIOD),
    networks: networksProblem(networks),
  };
}

/** The fields of a request; null takes a limit away. */
export function limitsBody(typed: TypedLimits): {
  rate_limit: RateLimit | null;
  quota: Quota | null;
  allowed_networks: string[] | null;
} {
  const requests = requestsOf(typed.rate, MOST_IN_WINDOW);
  const quota = requestsOf(typed.quota, MOST_IN_PERIOD);
  const networks = splitList(typed.networks);
  return {
    rate_limit: requests === undefined ? null : { requests, seconds: Number(typed.window) },
    quota: quota === undefined ? null : { requests: quota, period: typed.period },
    allowed_networks: networks.length === 0 ? null : [...networks],
  };
}

/** Fields for a rate limit, a quota and the networks that a key is accepted from. */
export function LimitFields({
  value,
  onChange,
}: {
  readonly value: TypedLimits;
  readonly onChange: (value: TypedLimits) => void;
}): ReactElement {
  const problems = limitProblems(value);
  const set = (change: Partial<TypedLimits>): void => onChange({ ...value, ...change });
  const windows = WINDOWS.some(({ seconds }) => String(seconds) === value.window)
    ? WINDOWS
    : [...WINDOWS, { seconds: Number(value.window), label: `${value.window} s` }];
  return (
    <div className="stack">
      <div className="two-fields">
        <Field label="Rate limit" optional error={problems.rate}>
          {(control) => (
            <div className="joined">
              <input
                {...control}
                className="input numeric"
                inputMode="numeric"
                placeholder="No limit"
                value={value.rate}
                onChange={(event) => set({ rate: event.target.value })}
              />
              <select
                className="select"
                aria-label="Window of the rate limit"
                value={value.window}
                onChange={(event) => set({ window: event.target.value })}
              >
                {windows.map(({ seconds, label }) => (
                  <option key={seconds} value={seconds}>
                    a {label}
                  </option>
                ))}
              </select>
            </div>
          )}
        </Field>
        <Field label="Quota" optional error={problems.quota}>
          {(control) => (
            <div className="joined">
              <input
                {...control}
                className="input numeric"
                inputMode="numeric"
                placeholder="No quota"
                value={value.quota}
                onChange={(event) => set({ quota: event.target.value })}
              />
              <select
                className="select"
                aria-label="Period of the quota"
                value={value.period}
                onChange={(event) => set({ period: event.target.value === 'day' ? 'day' : 'month' })}
              >
                <option value="day">a day</option>
                <option value="month">a month</option>
              </select>
            </div>
          )}
        </Field>
      </div>
      <Field
        label="Allowed addresses"
        optional
        error={problems.networks}
        hint="Addresses and networks, one a line. From anywhere else the key is refused."
      >
        {(control) => (
          <textarea
            {...control}
            className="textarea"
            data-mono=""
            rows={2}
            spellCheck={false}
            placeholder={'203.0.113.0/24\n2001:db8::/32'}
            value={value.networks}
            onChange={(event) => set({ networks: event.target.value })}
          />
        )}
      </Field>
    </div>
  );
}
