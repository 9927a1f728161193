import type { ApiKey } from '@feather-identity/react';
import { useMemo, type ReactElement } from 'react';
import { SORTS, STATUSES, type KeysChange, type KeysSearch } from './keys-search.js';

const SORT_NAMES = {
  created_at: 'Newest first',
  name: 'By name',
  last_used_at: 'Last used first',
  expires_at: 'Next to expire',
};
const STATUS_NAMES = { active: 'Active', disabled: 'Disabled', expired: 'Expired', revoked: 'Revoked' };

/** Narrows and orders the list. Labels are those of the keys that are shown. */
export function KeysFilters({
  search,
  keys,
  onChange,
}: {
  readonly search: KeysSearch;
  readonly keys: readonly ApiKey[];
  readonly onChange: (change: KeysChange) => void;
}): ReactElement {
  const labels = useMemo(() => {
    const seen = new Set(keys.flatMap((key) => key.labels));
    if (search.label !== undefined) seen.add(search.label);
    return [...seen].sort();
  }, [keys, search.label]);
  const number = (value: string): number | undefined => (value === '' ? undefined : Number(value));
  return (
    <div className="filters" role="group" aria-label="Filters">
      <select
        className="select"
        data-size="small"
        data-set={search.status === undefined ? undefined : ''}
        aria-label="Status"
        value={search.status ?? ''}
        onChange={({ target }) => onChange({ status: STATUSES.find((each) => each === target.value) })}
      >
        <option value="">Not revoked</option>
        {STATUSES.map((status) => (
          <option key={status} value={status}>
            {STATUS_NAMES[status]}
          </option>
        ))}
      </select>
      <select
        className="select"
        data-size="small"
        data-set={search.label === undefined ? undefined : ''}
        aria-label="Label"
        value={search.label ?? ''}
        disabled={labels.length === 0}
        onChange={({ target }) => onChange({ label: target.value === '' ? undefined : target.value })}
      >
        <option value="">Any label</option>
        {labels.map((label) => (
          <option key={label} value={label}>
            {label}
          </option>
        ))}
      </select>
      <select
        className="select"
        data-size="small"
        data-set={search.unused === undefined ? undefined : ''}
        aria-label="Unused"
        value={search.unused ?? ''}
        onChange={({ target }) => onChange({ unused: number(target.value) })}
      >
        <option value="">Used or not</option>
        {[7, 30, 90, 180].map((days) => (
          <option key={days} value={days}>
            Unused for {days} days
          </option>
        ))}
      </select>
      <select
        className="select"
        data-size="small"
        data-set={search.expiring === undefined ? undefined : ''}
        aria-label="Expiry"
        value={search.expiring ?? ''}
        onChange={({ target }) => onChange({ expiring: number(target.value) })}
      >
        <option value="">Any expiry</option>
        {[7, 30, 90].map((days) => (
          <option key={days} value={days}>
            Expires in {days} days
          </option>
        ))}
      </select>
      <select
        className="select"
        data-size="small"
        aria-label="Order"
        value={search.sort ?? 'created_at'}
        onChange={({ target }) => {
          const sort = SORTS.find((each) => each === target.value);
          onChange({ sort: sort === 'created_at' ? undefined : sort });
        }}
      >
        {SORTS.map((sort) => (
          <option key={sort} value={sort}>
            {SORT_NAMES[sort]}
          </option>
        ))}
      </select>
    </div>
  );
}
