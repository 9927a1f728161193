import type { ReactElement, ReactNode } from 'react';

/** What a colour means. */
export type Tone = 'good' | 'warn' | 'bad' | 'info' | 'quiet';

/** A state in a word or two. */
export function Badge({
  tone = 'quiet',
  dot = false,
  children,
}: {
  readonly tone?: Tone;
  readonly dot?: boolean;
  readonly children: ReactNode;
}): ReactElement {
  return (
    <span className="badge" data-tone={tone} data-dot={dot ? '' : undefined}>
      {children}
    </span>
  );
}
