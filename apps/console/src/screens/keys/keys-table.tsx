import {
  compactCount,
  count,
  KeyStateBadge,
  Sparkline,
  Time,
  type ApiKey,
  type SparkDay,
} from '@feather-identity/react';
import { Link } from '@tanstack/react-router';
import { memo, type ReactElement } from 'react';
import { Creator } from './creator.js';

const SHOWN_SCOPES = 2;
const SHOWN_LABELS = 3;

/** The list of keys. On a narrow screen each row is a card. */
export function KeysTable({
  keys,
  ownId,
  days,
  selected,
  onSelect,
  selectable,
}: {
  readonly keys: readonly ApiKey[];
  readonly ownId: string | null;
  /** The last 30 days of each key; null while there is no such answer. */
  readonly days: ReadonlyMap<string, readonly SparkDay[]> | null;
  readonly selected: ReadonlySet<string>;
  readonly onSelect: (ids: readonly string[], on: boolean) => void;
  readonly selectable: boolean;
}): ReactElement {
  const open = keys.filter(({ revoked_at: revoked }) => (revoked ?? null) === null).map(({ id }) => id);
  const chosen = open.filter((id) => selected.has(id)).length;
  return (
    <table className="table keys-table">
      <thead>
        <tr>
          {selectable ? (
            <th className="cell-check">
              <input
                className="check"
                type="checkbox"
                aria-label="Select all keys that are shown"
                checked={open.length > 0 && chosen === open.length}
                ref={(box) => {
                  if (box !== null) box.indeterminate = chosen > 0 && chosen < open.length;
                }}
                disabled={open.length === 0}
                onChange={(event) => onSelect(open, event.target.checked)}
              />
            </th>
          ) : null}
          <th scope="col">Key</th>
          <th scope="col">Status</th>
          <th scope="col" className="col-scopes">
            Scopes
          </th>
          <th scope="col">Last used</th>
          <th scope="col" className="col-usage">
            30 days
          </th>
          <th scope="col" className="col-created">
            Created
          </th>
        </tr>
      </thead>
      <tbody>
        {keys.map((key) => (
          <KeyRow
            key={key.id}
            apiKey={key}
            own={key.id === ownId}
            days={days?.get(key.id) ?? null}
            selected={selected.has(key.id)}
            onSelect={onSelect}
            selectable={selectable}
          />
        ))}
      </tbody>
    </table>
  );
}

const KeyRow = memo(function KeyRow({
  apiKey: key,
  own,
  days,
  selected,
  onSelect,
  selectable,
}: {
  readonly apiKey: ApiKey;
  readonly own: boolean;
  readonly days: readonly SparkDay[] | null;
  readonly selected: boolean;
  readonly onSelect: (ids: readonly string[], on: boolean) => void;
  readonly selectable: boolean;
}): ReactElement {
  const from = key.last_used_from ?? null;
  const use = key.usage_30d;
  return (
    <tr data-link="" data-selected={selected ? '' : undefined}>
      {selectable ? (
        <td className="cell-check">
          <input
            className="check above"
            type="checkbox"
            aria-label={`Select ${key.name}`}
            checked={selected}
            disabled={(key.revoked_at ?? null) !== null}
            onChange={(event) => onSelect([key.id], event.target.checked)}
          />
        </td>
      ) : null}
      <td className="cell-key">
        <div className="key-name">
          <Link className="row-link truncate" to="/keys/$keyId" params={{ keyId: key.id }}>
            {key.name}
          </Link>
          {own ? <span className="tag">this session</span> : null}
        </div>
        <div className="key-under">
          <span className="mono muted">{key.key_prefix}</span>
          {key.labels.slice(0, SHOWN_LABELS).map((label) => (
            <span className="tag" key={label}>
              {label}
            </span>
          ))}
          {key.labels.length > SHOWN_LABELS ? (
            <span className="tag above" data-tip={key.labels.slice(SHOWN_LABELS).join(', ')}>
              +{key.labels.length - SHOWN_LABELS}
            </span>
          ) : null}
        </div>
      </td>
      <td className="cell-status">
        <span className="above">
          <KeyStateBadge life={key} />
        </span>
      </td>
      <td className="col-scopes">
        <Scopes scopes={key.scopes} unrestricted={key.unrestricted} />
      </td>
      <td className="cell-used">
        {key.last_used_at === null ? (
          <span className="muted">
            Never<span className="card-label"> used</span>
          </span>
        ) : (
          <>
            <div className="above fit">
              <span className="card-label">Used </span>
              <Time at={key.last_used_at} />
            </div>
            {from === null ? null : (
              <div className="mono muted truncate above used-from" data-tip={from.user_agent ?? undefined}>
                {from.address ?? 'unknown address'}
              </div>
            )}
          </>
        )}
      </td>
      <td className="col-usage">
        <div className="usage-cell">
          {days === null ? <span className="spark" /> : <Sparkline days={days} />}
          {use === undefined ? null : (
            <span
              className="usage-count above"
              data-tip={`${count(use.accepted)} accepted\n${count(use.refused)} refused`}
            >
              {compactCount(use.accepted + use.refused)}
            </span>
          )}
        </div>
      </td>
      <td className="col-created">
        <div className="above fit">
          <Time at={key.created_at} as="date" />
        </div>
        <div className="muted truncate">
          <Creator by={key.created_by} />
        </div>
      </td>
    </tr>
  );
});

/** The first scopes, and how many more there are. */
function Scopes({
  scopes,
  unrestricted,
}: {
  readonly scopes: readonly string[];
  readonly unrestricted: boolean;
}): ReactElement {
  if (unrestricted || scopes.includes('*')) {
    return (
      <span className="tags">
        <span className="tag tag-strong">Everything</span>
      </span>
    );
  }
  const rest = scopes.slice(SHOWN_SCOPES);
  return (
    <span className="tags">
      {scopes.slice(0, SHOWN_SCOPES).map((scope) => (
        <code className="tag" key={scope}>
          {scope}
        </code>
      ))}
      {rest.length === 0 ? null : (
        <span className="tag above" data-tip={rest.join('\n')}>
          +{rest.length}
        </span>
      )}
    </span>
  );
}
