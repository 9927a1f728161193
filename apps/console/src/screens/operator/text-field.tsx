import { Field } from '@feather-identity/react';
import type { ReactElement, ReactNode } from 'react';

/** A line of text. */
export function TextField({
  label,
  hint,
  optional = false,
  autoFocus = false,
  mono = false,
  placeholder,
  value,
  error = null,
  onChange,
}: {
  readonly label: ReactNode;
  readonly hint?: ReactNode;
  readonly optional?: boolean;
  readonly autoFocus?: boolean;
  readonly mono?: boolean;
  readonly placeholder?: string;
  readonly value: string;
  readonly error?: string | null;
  readonly onChange: (value: string) => void;
}): ReactElement {
  return (
    <Field label={label} optional={optional} hint={hint} error={error}>
      {(control) => (
        <input
          {...control}
          className="input"
          data-mono={mono ? '' : undefined}
          autoFocus={autoFocus}
          autoComplete="off"
          autoCapitalize="none"
          spellCheck={false}
          maxLength={255}
          placeholder={placeholder}
          value={value}
          onChange={({ target }) => onChange(target.value)}
        />
      )}
    </Field>
  );
}
