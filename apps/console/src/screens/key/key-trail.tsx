import {
  auditSentence,
  AuditText,
  Button,
  Icon,
  Time,
  valueBefore,
  type AuditEvent,
  type AuditNames,
} from '@feather-identity/react';
import { useInfiniteQuery, useQueries } from '@tanstack/react-query';
import type { ReactElement } from 'react';
import { keyQuery, trailQuery } from '../../api/queries.js';
import { Failure } from '../../layout/failure.js';

/** What happened to a key, newest first. */
export function KeyTrail({ keyId }: { readonly keyId: string }): ReactElement {
  const trail = useInfiniteQuery(trailQuery(keyId));
  const events = trail.data?.pages.flatMap(({ items }) => items) ?? [];
  const keys = [...new Set([keyId, ...events.map(({ actor_api_key_id: id }) => id).filter((id) => id !== null)])];
  const names = useQueries({
    queries: keys.map((id) => ({ ...keyQuery(id), staleTime: 5 * 60_000 })),
    combine: (results) => new Map(results.map(({ data }, index) => [keys[index], data?.name])),
  });
  return (
    <section className="panel" aria-labelledby="trail">
      <div className="panel-head">
        <h2 id="trail">Audit trail</h2>
      </div>
      {trail.isError ? (
        <div className="panel-body">
          <Failure error={trail.error} retry={() => void trail.refetch()} />
        </div>
      ) : null}
      <ol className="trail">
        {events.map((event, index) => (
          <TrailItem key={event.id} event={event} older={events.slice(index + 1)} nameOfKey={(id) => names.get(id)} />
        ))}
      </ol>
      {trail.isSuccess && events.length === 0 ? (
        <p className="panel-body muted">Nothing is recorded about this key.</p>
      ) : null}
      {trail.hasNextPage ? (
        <div className="panel-foot">
          <Button size="small" busy={trail.isFetchingNextPage} onClick={() => void trail.fetchNextPage()}>
            Show older
          </Button>
        </div>
      ) : null}
    </section>
  );
}

function TrailItem({
  event,
  older,
  nameOfKey,
}: {
  readonly event: AuditEvent;
  readonly older: readonly AuditEvent[];
  readonly nameOfKey: AuditNames['key'];
}): ReactElement {
  const names = { key: nameOfKey, member: () => undefined };
  const { icon, tone, headline, changes } = auditSentence(event, names, valueBefore(event, older));
  return (
    <li data-tone={tone}>
      <Icon name={icon} />
      <div className="trail-what">
        <div>
          <AuditText pieces={headline} />
          {event.source_address === null ? null : <span className="muted mono"> {event.source_address}</span>}
        </div>
        {changes.length === 0 ? null : (
          <ul className="muted">
            {changes.map((pieces, index) => (
              <li key={index} className="change">
                <AuditText pieces={pieces} />
              </li>
            ))}
          </ul>
        )}
      </div>
      <Time at={event.occurred_at} />
    </li>
  );
}
