import type { ReactElement, ReactNode } from 'react';
import { Icon, type IconName } from './icon.js';

/** In place of a list without items: what would be here, and how to get it. */
export function EmptyState({
  icon,
  title,
  children,
  actions,
}: {
  readonly icon: IconName;
  readonly title: string;
  readonly children?: ReactNode;
  readonly actions?: ReactNode;
}): ReactElement {
  return (
    <div className="empty">
      <div className="empty-icon">
        <Icon name={icon} />
      </div>
      <h2>{title}</h2>
      {children}
      {actions === undefined ? null : <div className="empty-actions">{actions}</div>}
    </div>
  );
}
