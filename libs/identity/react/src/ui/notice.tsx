import type { ReactElement, ReactNode } from 'react';
import type { Tone } from './badge.js';
import { Icon } from './icon.js';

/** A sentence that stands out of the page. Errors are read out when they appear. */
export function Notice({
  tone = 'quiet',
  children,
}: {
  readonly tone?: Tone;
  readonly children: ReactNode;
}): ReactElement {
  return (
    <div className="notice" data-tone={tone} role={tone === 'bad' ? 'alert' : undefined}>
      <Icon name={tone === 'bad' || tone === 'warn' ? 'warning' : tone === 'good' ? 'check' : 'info'} />
      <div>{children}</div>
    </div>
  );
}
