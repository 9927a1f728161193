import { useId, type ReactElement, type ReactNode } from 'react';
import { Icon } from './icon.js';

/** The attributes that tie a control to its label, hint and error. */
export interface ControlProps {
  readonly id: string;
  readonly 'aria-describedby': string | undefined;
  readonly 'aria-invalid': boolean;
}

/** A label, a control, and what to know or mend about it. */
export function Field({
  label,
  optional = false,
  hint,
  error,
  children,
}: {
  readonly label: ReactNode;
  readonly optional?: boolean;
  readonly hint?: ReactNode;
  readonly error?: string | null;
  readonly children: (control: ControlProps) => ReactNode;
}): ReactElement {
  const id = useId();
  const wrong = (error ?? '') !== '';
  const described = [hint === undefined ? '' : `${id}-hint`, wrong ? `${id}-error` : ''].join(' ').trim();
  return (
    <div className="field">
      <label htmlFor={id}>
        {label}
        {optional ? <span className="field-optional">optional</span> : null}
      </label>
      {children({ id, 'aria-describedby': described === '' ? undefined : described, 'aria-invalid': wrong })}
      {hint === undefined ? null : (
        <div className="field-hint" id={`${id}-hint`}>
          {hint}
        </div>
      )}
      {wrong ? (
        <div className="field-error" id={`${id}-error`} role="alert">
          <Icon name="warning" />
          <span>{error}</span>
        </div>
      ) : null}
    </div>
  );
}
