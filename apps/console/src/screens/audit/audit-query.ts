import { valueBefore, subjectOf, type AuditEvent, type ValueBefore } from '@feather-identity/react';
import { infiniteQueryOptions, keepPreviousData, queryOptions, useQueries } from '@tanstack/react-query';
import { API, api, dataOf, request } from '../../api/client.js';
import { isId } from '../../keys/key-picker.js';
import { RANGES, type AuditSearch } from './audit-search.js';

const PAGE = 50;
const HISTORY = 200;
const HOUR = 3_600_000;

/** Keys of a page whose history is read to say what a value was before. The rest says what it became. */
const MOST_HISTORIES = 24;

/** A page of the trail. */
export interface AuditPage {
  readonly items: readonly AuditEvent[];
  readonly next_cursor: string | null;
}

/** Whose trail is read, and up to which moment the spans of time that end now reach. */
export interface AuditScope {
  readonly operator: boolean;
  readonly now: number;
}

/** The filters as the service takes them. */
function auditFilters(search: AuditSearch, { operator, now }: AuditScope): URLSearchParams {
  const { key, actor, type, range, since, until, organization } = search;
  const filters = new URLSearchParams();
  const set = (name: string, value: string | undefined): void => {
    if (value !== undefined) filters.set(name, value);
  };
  if (operator) set('organization_id', organization);
  else {
    if (key !== undefined) set(isId(key) ? 'api_key_id' : 'key_prefix', key);
    set('actor', actor);
    set('type', type);
    if (range !== undefined) set('since', new Date(now - RANGES[range] * HOUR).toISOString());
    else set('since', since && startOfDay(since, 0));
    set('until', until && startOfDay(until, 1));
  }
  return filters;
}

/** Where a day in the reader's zone begins, or one some days later. */
function startOfDay(day: string, daysLater: number): string {
  const date = new Date(`${day}T00:00`);
  date.setDate(date.getDate() + daysLater);
  return date.toISOString();
}

function pathOf({ operator }: Pick<AuditScope, 'operator'>): string {
  return operator ? 'v1/operator/audit-events' : 'v1/identity/audit-events';
}

/** Where the browser downloads everything that the filters let through. */
export function exportUrl(format: 'csv' | 'jsonl', search: AuditSearch, scope: AuditScope): string {
  const query = auditFilters(search, scope);
  query.set('format', format);
  return `${API}/${pathOf(scope)}/export?${query}`;
}

/** The trail, newest first. */
export const auditQuery = (search: AuditSearch, scope: AuditScope) =>
  infiniteQueryOptions({
    queryKey: ['audit', 'list', scope, search],
    initialPageParam: null as string | null,
    queryFn: async ({ pageParam }) => {
      const query = auditFilters(search, scope);
      query.set('limit', String(PAGE));
      if (pageParam !== null) query.set('cursor', pageParam);
      return await request<AuditPage>('GET', `${pathOf(scope)}?${query}`);
    },
    getNextPageParam: ({ next_cursor: next }) => next,
    placeholderData: keepPreviousData,
    staleTime: 60_000,
  });

/** A new organization has no policy, so that its first change has a value of before, too. */
const NO_POLICY: Pick<AuditEvent, 'type' | 'changes'> = { type: 'organization.created', changes: {} };

const historyQuery = (subject: string, newest: AuditEvent) =>
  queryOptions({
    // What happened before an event does not change any more.
    queryKey: ['audit', 'history', subject, newest.id],
    queryFn: async (): Promise<readonly AuditEvent[]> => {
      const { api_key_id: key } = newest;
      const query = { limit: HISTORY, ...(key === null ? { type: 'policy.updated' as const } : { api_key_id: key }) };
      const { items, next_cursor: next } = await dataOf(api.GET('/v1/identity/audit-events', { params: { query } }));
      return key === null && next === null ? [...items, { ...newest, ...NO_POLICY, id: '' }] : items;
    },
    staleTime: Infinity,
  });

/** Whether no event is left out of the list between the first and the last one, as far as its subjects go. */
function isWithoutGaps({ actor, type, range, since, until }: AuditSearch): boolean {
  return [actor, type, range, since, until].every((filter) => filter === undefined);
}

/**
 * The values of before each event: from the older events of the list, if nothing is left out of it, or from the history of
 * the key or policy.
 */
export function useValuesBefore(
  events: readonly AuditEvent[],
  search: AuditSearch,
  { operator }: AuditScope,
): (event: AuditEvent) => ValueBefore {
  const bySubject = new Map<string, AuditEvent[]>();
  for (const event of events) {
    const subject = subjectOf(event);
    bySubject.set(subject, [...(bySubject.get(subject) ?? []), event]);
  }
  const complete = isWithoutGaps(search);
  const fromList = (event: AuditEvent): ValueBefore => {
    if (!complete) return () => undefined;
    const ofSubject = bySubject.get(subjectOf(event)) ?? [];
    return valueBefore(event, [...ofSubject.slice(ofSubject.indexOf(event) + 1), ...foundations]);
  };
  const foundations = events.filter(({ type }) => /^organization\.(created|bootstrapped)$/.test(type));

  const wanted = new Map<string, AuditEvent>();
  for (const event of operator ? [] : events) {
    if (wanted.size >= MOST_HISTORIES * Math.ceil(events.length / PAGE)) break;
    const subject = subjectOf(event);
    if (!/^(?:api_key|policy)\.(?:updated|enabled|disabled)$/.test(event.type) || wanted.has(subject)) continue;
    const before = fromList(event);
    if (Object.keys(event.changes).some((field) => field !== 'is_active' && before(field) === undefined)) {
      // Its newest event of the list: then one history serves all of them.
      wanted.set(subject, bySubject.get(subject)?.[0] ?? event);
    }
  }
  const histories = useQueries({
    queries: [...wanted].map(([subject, newest]) => historyQuery(subject, newest)),
    combine: (results) => new Map([...wanted.keys()].map((subject, index) => [subject, results[index]?.data])),
  });
  return (event) => {
    const history = histories.get(subjectOf(event));
    return history === undefined
      ? fromList(event)
      : valueBefore(
          event,
          history.filter(({ id }) => id < event.id),
        );
  };
}
