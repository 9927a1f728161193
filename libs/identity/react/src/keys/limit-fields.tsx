import type { ReactElement } from 'react';
import { issueOf } from '../errors/error-sentence.js';
import { Field, type ControlProps } from '../ui/field.js';
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
  return (
    <div className="stack">
      <div className="two-fields">
        <Field label="Rate limit" optional error={problems.rate ?? issueOf(error, 'rate_limit')}>
          {(control) => <RateLimitInput control={control} value={value} placeholder="No limit" onChange={set} />}
        </Field>
        <Field label="Quota" optional error={problems.quota ?? issueOf(error, 'quota')}>
          {(control) => <QuotaInput control={control} value={value} placeholder="No quota" onChange={set} />}
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

interface LimitInputProps<Fields extends keyof TypedLimits> {
  /** What ties the input to its label and error. */
  readonly control: ControlProps;
  readonly value: Pick<TypedLimits, Fields>;
  readonly placeholder: string;
  readonly onChange: (change: Partial<Pick<TypedLimits, Fields>>) => void;
}

/** A number of requests, and in which time. */
export function RateLimitInput({
  control,
  value: { rate, window },
  placeholder,
  onChange,
}: LimitInputProps<'rate' | 'window'>): ReactElement {
  const windows = WINDOWS.some(({ seconds }) => String(seconds) === window)
    ? WINDOWS
    : [...WINDOWS, { seconds: Number(window), label: `in ${window} s` }];
  return (
    <div className="joined">
      <input
        {...control}
        className="input numeric"
        inputMode="numeric"
        placeholder={placeholder}
        value={rate}
        onChange={({ target }) => onChange({ rate: target.value })}
      />
      <select
        className="select"
        aria-label="Window of the rate limit"
        value={window}
        onChange={({ target }) => onChange({ window: target.value })}
      >
        {windows.map(({ seconds, label }) => (
          <option key={seconds} value={seconds}>
            {label}
          </option>
        ))}
      </select>
    </div>
  );
}

/** A number of requests, and whether of a day or a month. */
export function QuotaInput({
  control,
  value: { quota, period },
  placeholder,
  onChange,
}: LimitInputProps<'quota' | 'period'>): ReactElement {
  return (
    <div className="joined">
      <input
        {...control}
        className="input numeric"
        inputMode="numeric"
        placeholder={placeholder}
        value={quota}
        onChange={({ target }) => onChange({ quota: target.value })}
      />
      <select
        className="select"
        aria-label="Period of the quota"
        value={period}
        onChange={({ target }) => onChange({ period: target.value === 'day' ? 'day' : 'month' })}
      >
        <option value="day">a day</option>
        <option value="month">a month</option>
      </select>
    </div>
  );
}
