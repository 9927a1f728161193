import { useEffect, type ReactElement, type ReactNode } from 'react';

/** The head of a page and what it is about. The title is also that of the tab. */
export function Page({
  title,
  tabTitle,
  lead,
  above,
  actions,
  width = 'wide',
  children,
}: {
  readonly title: ReactNode;
  /** Default: `title`, if it is a text. */
  readonly tabTitle?: string;
  readonly lead?: ReactNode;
  /** Where the page belongs, such as a link back. */
  readonly above?: ReactNode;
  readonly actions?: ReactNode;
  readonly width?: 'wide' | 'form';
  readonly children: ReactNode;
}): ReactElement {
  const tab = tabTitle ?? (typeof title === 'string' ? title : undefined);
  useEffect(() => {
    document.title = tab === undefined ? 'Feather Identity' : `${tab} · Feather Identity`;
  }, [tab]);
  return (
    <div className="page" data-width={width}>
      <header className="page-head">
        <div className="page-title">
          {above === undefined ? null : <div className="page-above">{above}</div>}
          <h1 className="hostile">{title}</h1>
          {lead === undefined ? null : <div className="page-lead">{lead}</div>}
        </div>
        {actions === undefined ? null : <div className="page-actions">{actions}</div>}
      </header>
      {children}
    </div>
  );
}
