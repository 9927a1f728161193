import type { ButtonHTMLAttributes, ReactElement } from 'react';
import { Icon, type IconName } from './icon.js';

/** `danger` is for the last click of something that cannot be undone; `danger-quiet` opens the question. */
export type ButtonKind = 'plain' | 'primary' | 'danger' | 'danger-quiet' | 'quiet';

/** What a `<button>` takes, and how it looks. */
export interface ButtonProps extends ButtonHTMLAttributes<HTMLButtonElement> {
  readonly kind?: ButtonKind;
  readonly size?: 'small' | 'medium';
  readonly icon?: IconName;
  /** It works on the last click: further ones do nothing. */
  readonly busy?: boolean;
}

/** A button; without children it shows its icon alone and needs an `aria-label`. */
export function Button({
  kind = 'plain',
  size = 'medium',
  icon,
  busy = false,
  children,
  ...rest
}: ButtonProps): ReactElement {
  const iconOnly = children === undefined;
  return (
    <button
      type="button"
      {...rest}
      className="button"
      data-kind={kind}
      data-size={size}
      data-icon-only={iconOnly ? '' : undefined}
      data-tip={iconOnly ? rest['aria-label'] : undefined}
      aria-busy={busy}
      disabled={rest.disabled === true || busy}
    >
      {icon === undefined ? null : <Icon name={icon} />}
      {children}
    </button>
  );
}
