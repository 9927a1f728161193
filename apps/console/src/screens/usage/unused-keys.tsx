import { count, Icon, Time } from '@feather-identity/react';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { ReactElement } from 'react';
import { MOST_UNUSED, unusedQuery } from '../../keys/unused-query.js';
import { Failure } from '../../layout/failure.js';
import { UNUSED_DAYS, type UsageSearch } from './usage-search.js';

const SHOWN = 6;

/** Keys that work, but that nobody uses: what could be revoked. */
export function UnusedKeys({
  days,
  onDays,
}: {
  readonly days: (typeof UNUSED_DAYS)[number];
  readonly onDays: (days: UsageSearch['unused']) => void;
}): ReactElement {
  const { data: keys, error, refetch } = useQuery(unusedQuery(days));
  const found = keys?.length ?? 0;
  return (
    <section className="panel" aria-labelledby="unused">
      <div className="panel-head">
        <h2 id="unused">Not used</h2>
        <select
          className="select"
          data-size="small"
          aria-label="Not used for"
          value={days}
          onChange={({ target }) => onDays(UNUSED_DAYS.find((each) => String(each) === target.value))}
        >
          {UNUSED_DAYS.map((each) => (
            <option key={each} value={each}>
              for {each} days
            </option>
          ))}
        </select>
      </div>
      {error === null ? null : (
        <div className="panel-body">
          <Failure error={error} retry={() => void refetch()} />
        </div>
      )}
      {keys !== undefined && found === 0 ? (
        <p className="panel-body muted">Every active key was used in the last {days} days, or is younger than that.</p>
      ) : (
        <ul className="unused">
          {keys === undefined
            ? Array.from({ length: 4 }, (_, index) => (
                <li key={index}>
                  <span className="skeleton skeleton-row" />
                </li>
              ))
            : keys.slice(0, SHOWN).map((key) => (
                <li key={key.id}>
                  <Link className="row-link truncate" to="/keys/$keyId" params={{ keyId: key.id }}>
                    {key.name}
                  </Link>
                  <span className="muted">
                    {key.last_used_at === null ? 'never used' : <Time at={key.last_used_at} />}
                  </span>
                </li>
              ))}
        </ul>
      )}
      {found === 0 ? null : (
        <div className="panel-foot panel-foot-start">
          <Link className="small" to="/keys" search={{ unused: days, status: 'active' }}>
            {found > MOST_UNUSED ? `More than ${MOST_UNUSED}` : count(found)} {found === 1 ? 'key' : 'keys'}: look at
            them, disable or revoke them <Icon name="right" />
          </Link>
        </div>
      )}
    </section>
  );
}
