import type { ReactElement } from 'react';

const ROWS = 8;

/** The room of a list that has never been loaded, so that nothing jumps when it comes. */
export function KeysSkeleton(): ReactElement {
  return (
    <div className="skeleton-rows" role="status">
      <span className="visually-hidden">Loading the keys</span>
      {Array.from({ length: ROWS }, (_, index) => (
        <div key={index}>
          <span className="skeleton" />
          <span className="skeleton" />
        </div>
      ))}
    </div>
  );
}
