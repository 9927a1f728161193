import { AUDIT_TYPES, Button, Icon } from '@feather-identity/react';
import { useQuery } from '@tanstack/react-query';
import type { ReactElement } from 'react';
import { membersQuery } from '../../api/queries.js';
import { KeyPicker } from '../../keys/key-picker.js';
import { newestKeysQuery } from '../../keys/known-keys.js';
import { useMay } from '../../session/session.js';
import { RANGES, type AuditSearch, type Range } from './audit-search.js';

const GROUPS = {
  api_key: 'Keys',
  escalation: 'Keys',
  member: 'Members',
  organization: 'Organization',
  policy: 'Policy',
  console_link: 'Console',
  console_session: 'Console',
};
const RANGE_NAMES: Readonly<Record<Range, string>> = {
  '24h': 'Last 24 hours',
  '7d': 'Last 7 days',
  '30d': 'Last 30 days',
  '90d': 'Last 90 days',
};

const TYPES = Object.entries(AUDIT_TYPES).filter(([type]) => !type.startsWith('operator_key'));

/** A change of the filters; undefined takes one away. */
export type AuditChange = { readonly [Name in keyof AuditSearch]: AuditSearch[Name] | undefined };

/** Narrows the trail by key, actor, type and time. */
export function AuditFilters({
  search,
  onChange,
}: {
  readonly search: AuditSearch;
  readonly onChange: (change: AuditChange) => void;
}): ReactElement {
  const { type, range, since, until } = search;
  const custom = since !== undefined || until !== undefined;
  const today = dateOf(Date.now());
  return (
    <div className="filter-bar" role="group" aria-label="Filters">
      <KeyPicker value={search.key} onChange={(key) => onChange({ key })} />
      <ActorSelect value={search.actor} onChange={(actor) => onChange({ actor })} />
      <select
        className="select"
        data-size="small"
        aria-label="Type"
        value={type ?? ''}
        onChange={({ target }) => onChange({ type: target.value === '' ? undefined : target.value })}
      >
        <option value="">Any change</option>
        {[...new Set(Object.values(GROUPS))].map((group) => (
          <optgroup key={group} label={group}>
            {TYPES.filter(([name]) => GROUPS[name.split('.')[0] as keyof typeof GROUPS] === group).map(
              ([name, [label]]) => (
                <option key={name} value={name}>
                  {label}
                </option>
              ),
            )}
          </optgroup>
        ))}
      </select>
      <select
        className="select"
        data-size="small"
        aria-label="Time"
        value={custom ? 'custom' : (range ?? '')}
        onChange={({ target: { value } }) => {
          const named = (Object.keys(RANGES) as Range[]).find((each) => each === value);
          onChange({
            range: named,
            since: value === 'custom' ? dateOf(Date.now() - 30 * 86_400_000) : undefined,
            until: value === 'custom' ? today : undefined,
          });
        }}
      >
        <option value="">Any time</option>
        {Object.entries(RANGE_NAMES).map(([name, label]) => (
          <option key={name} value={name}>
            {label}
          </option>
        ))}
        <option value="custom">From a day to a day</option>
      </select>
      {custom ? (
        <span className="date-range">
          <input
            className="input"
            data-size="small"
            type="date"
            aria-label="First day"
            max={until ?? today}
            value={since ?? ''}
            onChange={({ target }) => onChange({ since: target.value === '' ? undefined : target.value })}
          />
          <Icon name="right" />
          <input
            className="input"
            data-size="small"
            type="date"
            aria-label="Last day"
            min={since}
            max={today}
            value={until ?? ''}
            onChange={({ target }) => onChange({ until: target.value === '' ? undefined : target.value })}
          />
        </span>
      ) : null}
      {Object.keys(search).length === 0 ? null : (
        <Button
          kind="quiet"
          icon="close"
          onClick={() =>
            onChange({
              key: undefined,
              actor: undefined,
              type: undefined,
              range: undefined,
              since: undefined,
              until: undefined,
            })
          }
        >
          Clear
        </Button>
      )}
    </div>
  );
}

function ActorSelect({
  value,
  onChange,
}: {
  readonly value: string | undefined;
  readonly onChange: (value: string | undefined) => void;
}): ReactElement | null {
  const may = useMay();
  const { data: members } = useQuery({ ...membersQuery, enabled: may('members:read') });
  const { data: keys } = useQuery({ ...newestKeysQuery, enabled: may('api_keys:read') });
  if (members === undefined && keys === undefined && value === undefined) return null;
  return (
    <select
      className="select"
      data-size="small"
      aria-label="Actor"
      value={value ?? ''}
      onChange={({ target }) => onChange(target.value === '' ? undefined : target.value)}
    >
      <option value="">By anybody</option>
      {value !== undefined && members?.has(value) !== true && keys?.has(value) !== true ? (
        <option value={value}>By {value.slice(0, 8)}</option>
      ) : null}
      <optgroup label="Members">
        {[...(members?.values() ?? [])].map((member) => (
          <option key={member.id} value={member.id}>
            {short(member.display_name ?? member.email ?? member.clerk_user_id)}
          </option>
        ))}
      </optgroup>
      <optgroup label="Keys that may change something">
        {[...(keys?.values() ?? [])].filter(mayChange).map((key) => (
          <option key={key.id} value={key.id}>
            {short(key.name)}
          </option>
        ))}
      </optgroup>
    </select>
  );
}

const CHANGING = ['*', 'api_keys:*', 'api_keys:manage', 'policies:*', 'policies:manage'];

function mayChange({
  unrestricted,
  scopes,
}: {
  readonly unrestricted: boolean;
  readonly scopes: readonly string[];
}): boolean {
  return unrestricted || scopes.some((scope) => CHANGING.includes(scope));
}

function short(name: string): string {
  return name.length > 48 ? `${name.slice(0, 47)}…` : name;
}

/** A day of the reader's zone as a date input has it. */
function dateOf(instant: number): string {
  const date = new Date(instant);
  const two = (value: number): string => String(value).padStart(2, '0');
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
}
