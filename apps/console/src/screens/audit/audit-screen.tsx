import { Button, counted, EmptyState, Icon, Menu, MenuLink } from '@feather-identity/react';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { useState, type ReactElement } from 'react';
import { Closed } from '../../layout/closed.js';
import { Failure } from '../../layout/failure.js';
import { LoadMore } from '../../layout/load-more.js';
import { Page } from '../../layout/page.js';
import { useMay, useSession } from '../../session/session.js';
import { organizationNamesQuery } from '../operator/operator-queries.js';
import { AuditFilters, type AuditChange } from './audit-filters.js';
import { AuditList } from './audit-list.js';
import { auditQuery, exportUrl, useValuesBefore, type AuditScope } from './audit-query.js';
import { useAuditNames } from './names.js';
import './audit.css';

const SKELETONS = [34, 52, 41, 60, 38, 47, 55, 36];

/** What happened: who changed what, when, and from where. */
export function AuditScreen(): ReactElement {
  const may = useMay();
  return may('audit:read') ? (
    <Trail />
  ) : (
    <Page title="Audit">
      <Closed scope="audit:read" what="read what happened to the keys" />
    </Page>
  );
}

function Trail(): ReactElement {
  const search = useSearch({ from: '/_app/audit' });
  const navigate = useNavigate();
  const session = useSession();
  const may = useMay();
  const operator = session.kind === 'operator';
  const [now, setNow] = useState(() => Date.now());
  const scope: AuditScope = { operator, now };
  const trail = useInfiniteQuery(auditQuery(search, scope));
  const { data: organizations } = useQuery({
    ...organizationNamesQuery,
    enabled: operator && may('organizations:read'),
  });
  const events = trail.data?.pages.flatMap(({ items }) => items) ?? [];
  const names = useAuditNames(events);
  const before = useValuesBefore(events, search, scope);
  const isFiltered = Object.keys(search).length > 0;

  const change = (changed: AuditChange): void => {
    const next = Object.entries({ ...search, ...changed }).filter(([, value]) => value !== undefined);
    void navigate({ to: '/audit', search: Object.fromEntries(next), replace: true, resetScroll: false });
  };

  return (
    <Page
      title="Audit"
      lead={
        operator
          ? 'Every change in every organization, newest first.'
          : 'Every change of keys, members and the policy, newest first.'
      }
      actions={
        <>
          <Button icon="rotate" busy={trail.isRefetching} onClick={() => setNow(Date.now())}>
            Refresh
          </Button>
          {operator ? null : <Export csv={exportUrl('csv', search, scope)} jsonl={exportUrl('jsonl', search, scope)} />}
        </>
      }
    >
      {operator ? (
        <OrganizationFilter
          value={search.organization}
          names={organizations}
          onChange={(organization) => change({ organization })}
        />
      ) : (
        <AuditFilters search={search} onChange={change} />
      )}
      {trail.error === null ? null : <Failure error={trail.error} retry={() => void trail.refetch()} />}
      {trail.isPending ? (
        <Skeleton />
      ) : events.length === 0 && trail.error === null ? (
        <Nothing filtered={isFiltered} onClear={() => void navigate({ to: '/audit', search: {} })} />
      ) : (
        <div className="panel audit" data-stale={trail.isPlaceholderData ? '' : undefined}>
          <AuditList
            events={events}
            names={names}
            before={before}
            organizationName={(id) => organizations?.get(id)}
            onNarrow={change}
          />
        </div>
      )}
      {events.length === 0 ? null : (
        <LoadMore
          more={trail.hasNextPage}
          busy={trail.isFetchingNextPage}
          onMore={() => void trail.fetchNextPage()}
          end={`That is everything: ${counted(events.length, 'event')}.`}
        />
      )}
    </Page>
  );
}

function Export({ csv, jsonl }: { readonly csv: string; readonly jsonl: string }): ReactElement {
  return (
    <Menu
      label="Export"
      trigger={
        <>
          <Icon name="download" />
          Export
          <Icon name="down" />
        </>
      }
    >
      <div className="menu-label" role="presentation">
        Everything that the filters let through
      </div>
      <MenuLink href={csv} download="audit.csv">
        CSV, for spreadsheets
      </MenuLink>
      <MenuLink href={jsonl} download="audit.jsonl">
        JSON Lines, for programs
      </MenuLink>
    </Menu>
  );
}

function OrganizationFilter({
  value,
  names = new Map(),
  onChange,
}: {
  readonly value: string | undefined;
  readonly names: ReadonlyMap<string, string> | undefined;
  readonly onChange: (value: string | undefined) => void;
}): ReactElement {
  return (
    <div className="filter-bar" role="group" aria-label="Filters">
      <select
        className="select"
        data-size="small"
        aria-label="Organization"
        value={value ?? ''}
        onChange={({ target }) => onChange(target.value === '' ? undefined : target.value)}
      >
        <option value="">All organizations</option>
        {value !== undefined && !names.has(value) ? <option value={value}>{value.slice(0, 8)}</option> : null}
        {[...names].map(([id, name]) => (
          <option key={id} value={id}>
            {name.length > 60 ? `${name.slice(0, 59)}…` : name}
          </option>
        ))}
      </select>
    </div>
  );
}

function Nothing({ filtered, onClear }: { readonly filtered: boolean; readonly onClear: () => void }): ReactElement {
  return filtered ? (
    <EmptyState icon="filter" title="No event matches" actions={<Button onClick={onClear}>Clear the filters</Button>}>
      <p>Nothing of this kind happened in this time. Widen a filter, or clear them all.</p>
    </EmptyState>
  ) : (
    <EmptyState
      icon="list"
      title="Nothing has happened yet"
      actions={
        <Link className="button" to="/keys">
          Go to the keys
        </Link>
      }
    >
      <p>
        Each time somebody creates, changes, rotates or revokes a key, a line appears here: who did it, from which
        address, and what was different before. Nobody can change or remove a line.
      </p>
    </EmptyState>
  );
}

function Skeleton(): ReactElement {
  return (
    <div className="panel audit" aria-busy="true" aria-label="Loading">
      {SKELETONS.map((width, index) => (
        <div key={index} className="audit-event">
          <span className="audit-icon skeleton" />
          <span className="skeleton skeleton-line" data-width={width} />
        </div>
      ))}
    </div>
  );
}
