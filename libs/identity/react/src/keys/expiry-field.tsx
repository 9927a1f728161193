import type { ReactElement } from 'react';
import { localTime } from '../format/time.js';
import { Field } from '../ui/field.js';
import { Icon } from '../ui/icon.js';
import { Segmented } from '../ui/segmented.js';
import { expiryOf, forDateInput, type ExpiryBounds, type ExpiryChoice } from './expiry.js';

/** How long a key lives: presets within what is allowed, or a date. */
export function ExpiryField({
  choices,
  bounds,
  choice,
  custom,
  now,
  error,
  onChange,
}: {
  readonly choices: readonly ExpiryChoice[];
  readonly bounds: ExpiryBounds;
  readonly choice: string;
  readonly custom: string;
  readonly now: number;
  readonly error: string | null;
  readonly onChange: (choice: string, custom: string) => void;
}): ReactElement {
  const end = expiryOf(choice, custom, now, bounds);
  return (
    <div className="field">
      <span className="field-label">Expires after</span>
      <Segmented label="Expires after" value={choice} options={choices} onChange={(value) => onChange(value, custom)} />
      {choice === 'custom' ? (
        <Field label="Expires on" error={error}>
          {(control) => (
            <input
              {...control}
              className="input date-input"
              type="datetime-local"
              value={custom}
              min={forDateInput(now)}
              max={bounds.latest === null ? undefined : forDateInput(bounds.latest)}
              onChange={(event) => onChange(choice, event.target.value)}
            />
          )}
        </Field>
      ) : (error ?? '') !== '' ? (
        <div className="field-error" role="alert">
          <Icon name="warning" />
          <span>{error}</span>
        </div>
      ) : (
        <div className="field-hint numeric">
          {end === null || end === undefined
            ? 'The key works until somebody revokes it. A key that ends by itself is safer.'
            : `The key stops working on ${localTime(Date.parse(end))}.`}
        </div>
      )}
    </div>
  );
}
