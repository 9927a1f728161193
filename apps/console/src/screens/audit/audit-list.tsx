import {
  auditSentence,
  AuditText,
  CopyButton,
  Icon,
  localDate,
  localTime,
  Time,
  utcTime,
  type AuditEvent,
  type AuditNames,
  type ValueBefore,
} from '@feather-identity/react';
import { Link } from '@tanstack/react-router';
import { useId, useState, type ReactElement, type ReactNode } from 'react';
import { useMay, useSession } from '../../session/session.js';
import type { AuditSearch } from './audit-search.js';

/** Narrows the trail to what is the same about an event. */
type Narrow = (search: AuditSearch) => void;

interface Shared {
  readonly names: AuditNames;
  readonly before: (event: AuditEvent) => ValueBefore;
  readonly organizationName: (id: string) => string | undefined;
  readonly onNarrow: Narrow;
}

/** Events, newest first, under the days on which they happened. */
export function AuditList({ events, ...shared }: { readonly events: readonly AuditEvent[] } & Shared): ReactElement {
  const days: { day: string; events: AuditEvent[] }[] = [];
  for (const event of events) {
    const day = localDate(Date.parse(event.occurred_at));
    const last = days.at(-1);
    if (last?.day === day) last.events.push(event);
    else days.push({ day, events: [event] });
  }
  const today = localDate(Date.now());
  return (
    <>
      {days.map((each) => (
        <section key={each.day} className="audit-day" aria-label={each.day}>
          <h2>{dayName(each.day)}</h2>
          <ol>
            {each.events.map((event) => (
              <Row key={event.id} event={event} today={each.day === today} {...shared} />
            ))}
          </ol>
        </section>
      ))}
    </>
  );
}

function dayName(day: string): string {
  const now = Date.now();
  if (day === localDate(now)) return 'Today';
  return day === localDate(now - 86_400_000) ? 'Yesterday' : day;
}

function Row({
  event,
  today,
  names,
  before,
  organizationName,
  onNarrow,
}: { readonly event: AuditEvent; readonly today: boolean } & Shared): ReactElement {
  const id = useId();
  const [open, setOpen] = useState(false);
  const { icon, tone, headline, changes } = auditSentence(event, names, before(event));
  const organization = event.organization_id ?? undefined;
  const isOrganization = event.type.startsWith('organization.');
  const isNamed = isOrganization && event.changes['name'] !== undefined;
  return (
    <li className="audit-event">
      <span className="audit-icon" data-tone={tone}>
        <Icon name={icon} />
      </span>
      <div className="audit-said">
        <p>
          <AuditText pieces={headline} />
          {organization === undefined || isNamed ? null : (
            <span className="muted">
              {isOrganization ? ' ' : ' in '}
              <OrganizationLink id={organization} name={organizationName(organization)} />
            </span>
          )}
        </p>
        {changes.length === 0 ? null : (
          <ul>
            {changes.map((pieces, index) => (
              <li key={index}>
                <AuditText pieces={pieces} />
              </li>
            ))}
          </ul>
        )}
      </div>
      <div className="audit-when">
        <Time at={event.occurred_at} as={today ? 'relative' : 'clock'} />
        <button
          type="button"
          className="button"
          data-kind="quiet"
          data-size="small"
          data-icon-only=""
          data-tip={open ? 'Less' : 'More'}
          aria-label={`Details of ${localTime(Date.parse(event.occurred_at))}`}
          aria-expanded={open}
          aria-controls={id}
          onClick={() => setOpen(!open)}
        >
          <Icon name="down" />
        </button>
      </div>
      <div id={id} className="audit-details" hidden={!open}>
        {open ? <Details event={event} names={names} organizationName={organizationName} onNarrow={onNarrow} /> : null}
      </div>
    </li>
  );
}

function Details({
  event,
  names,
  organizationName,
  onNarrow,
}: { readonly event: AuditEvent } & Omit<Shared, 'before'>): ReactElement {
  const may = useMay();
  const { kind } = useSession();
  const isTenant = kind === 'tenant';
  const { api_key_id: keyId, actor_api_key_id: actorKey, actor_user_id: actorUser } = event;
  const organization = event.organization_id ?? null;
  return (
    <dl className="facts">
      <Fact term="When">
        <span className="numeric">{utcTime(Date.parse(event.occurred_at))}</span>
      </Fact>
      <Fact term="Type">
        <code>{event.type}</code>
        {isTenant ? <Only onClick={() => onNarrow({ type: event.type })} /> : null}
      </Fact>
      {organization === null ? null : (
        <Fact term="Organization">
          <OrganizationLink id={organization} name={organizationName(organization)} />
          <Only onClick={() => onNarrow({ organization })} />
        </Fact>
      )}
      {keyId === null ? null : (
        <Fact term="Key">
          {isTenant && may('api_keys:read') ? (
            <Link className="hostile" to="/keys/$keyId" params={{ keyId }}>
              {names.key(keyId) ?? <code>{event.key_prefix ?? keyId}</code>}
            </Link>
          ) : (
            <code className="hostile">{event.key_prefix ?? keyId}</code>
          )}
          {isTenant ? <Only onClick={() => onNarrow({ key: keyId })} /> : null}
        </Fact>
      )}
      {actorKey === null ? null : (
        <Fact term="By key">
          <span className="hostile">{names.key(actorKey) ?? event.actor_name ?? <code>{actorKey}</code>}</span>
          {isTenant ? <Only onClick={() => onNarrow({ actor: actorKey })} /> : null}
        </Fact>
      )}
      {actorUser === null ? null : (
        <Fact term={actorKey === null ? 'By member' : 'Of member'}>
          <span className="hostile">{names.member(actorUser) ?? <code>{actorUser}</code>}</span>
          {isTenant ? <Only onClick={() => onNarrow({ actor: actorUser })} /> : null}
        </Fact>
      )}
      {event.source_address === null ? null : (
        <Fact term="Address">
          <code className="hostile">{event.source_address}</code>
        </Fact>
      )}
      {event.request_id === null ? null : (
        <Fact term="Request">
          <code className="hostile">{event.request_id}</code>
          <CopyButton text={event.request_id} label="Copy the id of the request" kind="quiet" size="small" iconOnly />
        </Fact>
      )}
    </dl>
  );
}

function OrganizationLink({ id, name }: { readonly id: string; readonly name: string | undefined }): ReactElement {
  return (
    <Link className="hostile" to="/organizations/$organizationId" params={{ organizationId: id }}>
      {name ?? id.slice(0, 8)}
    </Link>
  );
}

function Fact({ term, children }: { readonly term: string; readonly children: ReactNode }): ReactElement {
  return (
    <div>
      <dt>{term}</dt>
      <dd>{children}</dd>
    </div>
  );
}

function Only({ onClick }: { readonly onClick: () => void }): ReactElement {
  return (
    <button type="button" className="link-button" onClick={onClick}>
      Show only these
    </button>
  );
}
