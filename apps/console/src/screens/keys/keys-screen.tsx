import { Button, counted, EmptyState, Icon, useNow, type SparkDay } from '@feather-identity/react';
import { useInfiniteQuery, useQueries } from '@tanstack/react-query';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { useCallback, useMemo, useState, type ReactElement } from 'react';
import { chartBuckets, chartStart } from '../../api/days.js';
import { usageQuery } from '../../api/queries.js';
import { Failure } from '../../layout/failure.js';
import { Page } from '../../layout/page.js';
import { useMay, useSession } from '../../session/session.js';
import { BulkBar, BulkDialog, type BulkAction } from './bulk.js';
import { KeySearchBox } from './key-search-box.js';
import { KeysFilters } from './keys-filters.js';
import { keysOf, keysQuery } from './keys-query.js';
import type { KeysChange, KeysSearch } from './keys-search.js';
import { KeysTable } from './keys-table.js';
import { KeysSkeleton } from './keys-skeleton.js';

/** All keys of the organization. */
export function KeysScreen(): ReactElement {
  const session = useSession();
  const may = useMay();
  const search = useSearch({ from: '/_app/keys' });
  const navigate = useNavigate();
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set());
  const [action, setAction] = useState<BulkAction | null>(null);

  const known = session.api_key?.key_prefix ?? null;
  const list = useInfiniteQuery(keysQuery(search, known));
  const pages = list.data?.pages;
  const keys = useMemo(() => keysOf(pages ?? []), [pages]);
  const days = useSparkDays(pages, may('usage:read'));

  const narrow = (change: KeysChange): void => {
    const next = { ...search, ...change };
    const given = Object.fromEntries(Object.entries(next).filter(([, value]) => value !== undefined && value !== ''));
    void navigate({ to: '/keys', search: given, replace: true });
  };
  const select = useCallback(
    (ids: readonly string[], on: boolean) =>
      setSelected((before) => {
        const after = new Set(before);
        for (const id of ids) {
          if (on) after.add(id);
          else after.delete(id);
        }
        return after;
      }),
    [],
  );

  const filtered = Object.keys(search).some((name) => name !== 'sort');
  const chosen = keys.filter(({ id }) => selected.has(id));
  const ownId = session.api_key?.id ?? null;
  const mayManage = may('api_keys:manage');
  const onlyOwn = !filtered && list.isSuccess && !list.hasNextPage && keys.every(({ id }) => id === ownId);

  return (
    <Page
      title="Keys"
      lead="Who may call your API, what each key may do, and whether it is still used."
      actions={
        mayManage ? (
          <Link className="button" data-kind="primary" to="/keys/new">
            <Icon name="plus" />
            Create key
          </Link>
        ) : null
      }
    >
      <div className="panel">
        <div className="toolbar">
          <KeySearchBox
            q={search.q ?? ''}
            onSearch={(q) => narrow({ q })}
            known={known}
            mayVerify={may('api_keys:verify')}
          />
          <KeysFilters search={search} keys={keys} onChange={narrow} />
        </div>
        <div className="list" aria-busy={list.isPlaceholderData} data-stale={list.isPlaceholderData ? '' : undefined}>
          {list.isPending ? <KeysSkeleton /> : null}
          {list.isError && keys.length === 0 ? (
            <div className="panel-body">
              <Failure error={list.error} retry={() => void list.refetch()} />
            </div>
          ) : null}
          {keys.length > 0 ? (
            <KeysTable
              keys={keys}
              ownId={ownId}
              days={days}
              selected={selected}
              onSelect={select}
              selectable={mayManage}
            />
          ) : null}
          {list.isSuccess && keys.length === 0 ? (
            <NoKeys search={search} onClear={() => void navigate({ to: '/keys', search: {} })} />
          ) : null}
        </div>
        {list.isSuccess && keys.length > 0 ? (
          <div className="list-foot">
            <span className="muted small numeric" aria-live="polite">
              {counted(keys.length, 'key')}
              {list.hasNextPage ? ' shown' : ''}
            </span>
            {list.hasNextPage ? (
              <Button size="small" busy={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>
                Show more
              </Button>
            ) : null}
          </div>
        ) : null}
      </div>
      {onlyOwn && mayManage ? <FirstSteps /> : null}
      {chosen.length > 0 ? (
        <BulkBar selected={chosen.length} onAction={setAction} onClear={() => setSelected(new Set())} />
      ) : null}
      {action === null ? null : (
        <BulkDialog
          action={action}
          keys={chosen}
          ownId={ownId}
          onClose={() => setAction(null)}
          onDone={() => {
            setAction(null);
            setSelected(new Set());
          }}
        />
      )}
    </Page>
  );
}

/** The last 30 days of every key that is shown: one request a page, not one a key. */
function useSparkDays(
  pages: readonly { readonly keys: readonly { readonly id: string }[] }[] | undefined,
  enabled: boolean,
): ReadonlyMap<string, readonly SparkDay[]> | null {
  const now = useNow();
  const from = chartStart('day', now);
  const answers = useQueries({
    queries: (pages ?? [])
      .filter(({ keys }) => keys.length > 0)
      .map(({ keys }) => ({
        ...usageQuery({ from, granularity: 'day', keys: keys.slice(0, 100).map(({ id }) => id), byKey: true }),
        enabled,
        retry: false,
      })),
    combine: (results) => results.map(({ data }) => data),
  });
  return useMemo(() => {
    if (!enabled || answers.every((answer) => answer === undefined)) return null;
    const at = Date.parse(from) + 29 * 86_400_000;
    const used = new Map(
      answers.flatMap((answer) => answer?.keys ?? []).map((key) => [key.api_key_id, key.buckets ?? []]),
    );
    const ids = (pages ?? []).flatMap(({ keys }) => keys.map(({ id }) => id));
    return new Map(ids.map((id) => [id, chartBuckets('day', at, used.get(id) ?? [])]));
  }, [answers, pages, from, enabled]);
}

function NoKeys({ search, onClear }: { readonly search: KeysSearch; readonly onClear: () => void }): ReactElement {
  return (
    <EmptyState icon="search" title="No key matches" actions={<Button onClick={onClear}>Show all keys</Button>}>
      <p>
        {search.status === undefined
          ? 'Names are searched from their beginning. Revoked keys are shown with the status “Revoked”, or when you paste the key.'
          : 'Try another status, or fewer filters.'}
      </p>
    </EmptyState>
  );
}

function FirstSteps(): ReactElement {
  return (
    <section className="panel panel-body first-steps" aria-labelledby="first-steps">
      <h2 id="first-steps">One key for each use</h2>
      <p className="muted">
        You are signed in by a key that can do everything. Keep it safe, and give each application, person or pipeline a
        key of its own.
      </p>
      <ol>
        <li>
          <strong>Create it</strong> with the few scopes that it needs and an end.
        </li>
        <li>
          <strong>Copy it</strong> into the application. It is shown once.
        </li>
        <li>
          <strong>Watch it here</strong>: when and from where it was last used, and what was refused.
        </li>
      </ol>
      <Link className="button" data-kind="primary" to="/keys/new">
        <Icon name="plus" />
        Create the first key
      </Link>
    </section>
  );
}
