import { Button, Icon, readSearch, type ApiKey } from '@feather-identity/react';
import { keepPreviousData, queryOptions, useQuery } from '@tanstack/react-query';
import { useEffect, useId, useRef, useState, type KeyboardEvent, type ReactElement } from 'react';
import { api, dataOf } from '../api/client.js';
import { keyQuery } from '../api/queries.js';
import { useMay, useSession } from '../session/session.js';

const SUGGESTED = 8;
const TYPING_MS = 180;
const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** Whether a text is an id, not the beginning of a token. */
export function isId(text: string): boolean {
  return UUID.test(text);
}

const suggestionsQuery = (typed: string, known: string | null) =>
  queryOptions({
    queryKey: ['keys', 'suggestions', typed, known],
    queryFn: async (): Promise<readonly ApiKey[]> => {
      const search = readSearch(typed, known);
      // Whole tokens of other systems have no public part, and must not be in an address.
      if (search.kind === 'secret') return [];
      const by = search.kind === 'prefix' ? { key_prefix: search.prefix } : { q: search.text };
      const query = { ...by, limit: SUGGESTED, include_revoked: true };
      return await dataOf(api.GET('/v1/identity/api-keys', { params: { query } }));
    },
    placeholderData: keepPreviousData,
  });

/**
 * Chooses one key, by the beginning of its name, or of its token. A whole token may be pasted, too: its secret part is
 * dropped.
 *
 * @param value - the id of the key, or the beginning of its token
 */
export function KeyPicker({
  value,
  onChange,
}: {
  readonly value: string | undefined;
  readonly onChange: (value: string | undefined) => void;
}): ReactElement {
  // One part takes the place of the other: the focus must not be lost with it.
  const [touched, setTouched] = useState(false);
  const change = (next: string | undefined): void => {
    setTouched(true);
    onChange(next);
  };
  return value === undefined ? (
    <KeySearch autoFocus={touched} onChoose={change} />
  ) : (
    <ChosenKey autoFocus={touched} value={value} onClear={() => change(undefined)} />
  );
}

function ChosenKey({
  autoFocus,
  value,
  onClear,
}: {
  readonly autoFocus: boolean;
  readonly value: string;
  readonly onClear: () => void;
}): ReactElement {
  const may = useMay();
  const { data } = useQuery({ ...keyQuery(value), enabled: isId(value) && may('api_keys:read'), staleTime: 60_000 });
  return (
    <span className="chosen">
      <Icon name="key" />
      <span className={data === undefined ? 'truncate mono' : 'truncate'}>
        {data?.name ?? (isId(value) ? value.slice(0, 8) : value)}
      </span>
      <Button kind="quiet" size="small" icon="close" aria-label="All keys" autoFocus={autoFocus} onClick={onClear} />
    </span>
  );
}

function KeySearch({
  autoFocus,
  onChoose,
}: {
  readonly autoFocus: boolean;
  readonly onChoose: (value: string) => void;
}): ReactElement {
  const id = useId();
  const may = useMay();
  const known = useSession().api_key?.key_prefix ?? null;
  const [typed, setTyped] = useState('');
  const [settled, setSettled] = useState('');
  const [open, setOpen] = useState(false);
  const [active, setActive] = useState(-1);
  const box = useRef<HTMLDivElement>(null);
  const { data: keys = [] } = useQuery({ ...suggestionsQuery(settled, known), enabled: open && may('api_keys:read') });
  const shown = open ? keys : [];

  useEffect(() => {
    const timer = setTimeout(() => setSettled(typed.trim()), TYPING_MS);
    return () => clearTimeout(timer);
  }, [typed]);

  const change = (text: string): void => {
    const search = readSearch(text, known);
    // The secret part of a pasted key goes no further than this.
    setTyped(search.kind === 'prefix' ? search.prefix : text);
    setOpen(true);
    setActive(-1);
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      event.preventDefault();
      setOpen(true);
      const step = event.key === 'ArrowDown' ? 1 : -1;
      setActive((active + step + shown.length + 1) % (shown.length + 1 || 1));
    } else if (event.key === 'Enter') {
      event.preventDefault();
      const search = readSearch(typed, known);
      const chosen = shown[active] ?? (search.kind === 'prefix' || shown.length === 1 ? shown[0] : undefined);
      if (chosen !== undefined) onChoose(chosen.id);
      else if (search.kind === 'prefix') onChoose(search.prefix);
      else if (isId(typed.trim())) onChoose(typed.trim());
    } else if (event.key === 'Escape' && open) {
      event.stopPropagation();
      setOpen(false);
    }
  };

  return (
    <div
      ref={box}
      className="picker"
      onBlur={(event) => {
        if (box.current?.contains(event.relatedTarget) !== true) setOpen(false);
      }}
    >
      <Icon name="search" />
      <input
        className="input"
        data-size="small"
        autoFocus={autoFocus}
        role="combobox"
        aria-label="Key"
        aria-expanded={shown.length > 0}
        aria-controls={`${id}-list`}
        aria-activedescendant={shown[active] === undefined ? undefined : `${id}-${active}`}
        aria-autocomplete="list"
        placeholder={may('api_keys:read') ? 'Any key' : 'Beginning of a key'}
        autoComplete="off"
        spellCheck={false}
        value={typed}
        onChange={(event) => change(event.target.value)}
        onFocus={() => setOpen(true)}
        onKeyDown={onKeyDown}
      />
      <div className="picker-list" id={`${id}-list`} role="listbox" aria-label="Keys" hidden={shown.length === 0}>
        {shown.map((key, index) => (
          <div
            key={key.id}
            id={`${id}-${index}`}
            className="menu-item"
            role="option"
            tabIndex={-1}
            aria-selected={index === active}
            data-highlighted={index === active ? '' : undefined}
            onPointerMove={() => setActive(index)}
            // The input would lose the focus, and the list be gone, before the click.
            onPointerDown={(event) => event.preventDefault()}
            onClick={() => onChoose(key.id)}
            onKeyDown={onKeyDown}
          >
            <span className="truncate">{key.name}</span>
            <code className="muted">{key.key_prefix}</code>
          </div>
        ))}
      </div>
    </div>
  );
}
