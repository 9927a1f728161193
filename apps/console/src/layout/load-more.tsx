import { Button } from '@feather-identity/react';
import { useEffect, useRef, type ReactElement } from 'react';

/** How far below the window the next page is asked for, so that it is there in time. */
const AHEAD = '600px';

/** The end of an endless list: asks for the next page as it comes near, or says that there is none. */
export function LoadMore({
  more,
  busy,
  onMore,
  end,
}: {
  readonly more: boolean;
  readonly busy: boolean;
  readonly onMore: () => void;
  readonly end: string;
}): ReactElement {
  const ref = useRef<HTMLDivElement>(null);
  const latest = useRef(onMore);
  useEffect(() => {
    latest.current = onMore;
  });
  useEffect(() => {
    const element = ref.current;
    if (element === null || !more || busy) return undefined;
    const observer = new IntersectionObserver(
      ([entry]) => {
        if (entry?.isIntersecting === true) latest.current();
      },
      { rootMargin: AHEAD },
    );
    observer.observe(element);
    return () => observer.disconnect();
  }, [more, busy]);
  return (
    <div ref={ref} className="load-more">
      {more ? (
        <Button busy={busy} onClick={onMore}>
          {busy ? 'Loading…' : 'Show older ones'}
        </Button>
      ) : (
        <p className="small muted numeric">{end}</p>
      )}
    </div>
  );
}
