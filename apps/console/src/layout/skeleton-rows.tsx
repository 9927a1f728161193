import type { ReactElement } from 'react';

/** The room of a table's rows that are still to come, so that nothing jumps. */
export function SkeletonRows({ rows, columns }: { readonly rows: number; readonly columns: number }): ReactElement[] {
  return Array.from({ length: rows }, (_, index) => (
    <tr key={index}>
      <td colSpan={columns}>
        <span className="skeleton skeleton-row" />
      </td>
    </tr>
  ));
}
