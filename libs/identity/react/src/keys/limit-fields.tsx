import type { ReactElement } from 'react';
import { issueOf } from '../errors/error-sentence.js';
import { Field } from '../ui/field.js';
import { WINDOWS } from './limits.js';
import { limitProblems, type TypedLimits } from './typed-limits.js';

/** Fields for a rate limit, a quota and the networks that a key is accepted from. */
export function LimitFields({
  value,
  error,
  onChange,
}: {
  readonly value: TypedLimits;
  /** What the service answered to them. */
  readonly error: unknown;
  readonly onChange: (value: TypedLimits) => void;
}): ReactElement {
  const problems = limitProblems(value);
  const set = (change: Partial<TypedLimits>): void => onChange({ ...value, ...change });
  const windows = WINDOWS.some(({ seconds }) => String(seconds) === value.window)
    ? WINDOWS
    : [...WINDOWS, { seconds: Number(value.window), label: `in ${value.window} s` }];
  return (
    <div className="stack">
      <div className="two-fields">
        <Field label="Rate limit" optional error={problems.rate ?? issueOf(error, 'rate_limit')}>
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
                    {label}
                  </option>
                ))}
              </select>
            </div>
          )}
        </Field>
        <Field label="Quota" optional error={problems.quota ?? issueOf(error, 'quota')}>
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
        error={problems.networks ?? issueOf(error, 'allowed_networks')}
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
