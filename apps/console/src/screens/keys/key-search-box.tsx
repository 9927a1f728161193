import { errorSentence, Icon, Notice, readSearch } from '@feather-identity/react';
import { Link } from '@tanstack/react-router';
import { useEffect, useRef, useState, type ReactElement } from 'react';
import { api, dataOf } from '../../api/client.js';

const TYPING_MS = 250;

type Found =
  | { readonly kind: 'cut-off' }
  | { readonly kind: 'asking' }
  | { readonly kind: 'key'; readonly id: string; readonly name: string }
  | { readonly kind: 'none' }
  | { readonly kind: 'failed'; readonly error: unknown };

/**
 * Searches by name, label and public part. The secret of a pasted key goes nowhere: of our keys it is cut off here, and
 * those of other systems are asked for once, in a body.
 */
export function KeySearchBox({
  q,
  onSearch,
  known,
  mayVerify,
}: {
  readonly q: string;
  readonly onSearch: (q: string) => void;
  /** The public part of some key of this service. */
  readonly known: string | null;
  readonly mayVerify: boolean;
}): ReactElement {
  const [typed, setTyped] = useState(q);
  const [found, setFound] = useState<Found | null>(null);
  const sent = useRef(q);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const box = useRef<HTMLInputElement>(null);

  // The address changed by something else: a link, or the way back.
  useEffect(() => {
    if (q === sent.current) return;
    sent.current = q;
    setTyped(q);
  }, [q]);

  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      const { target } = event;
      const writing =
        target instanceof HTMLElement && target.matches('input:not([type=checkbox], [type=radio]), textarea, select');
      if (event.key !== '/' || event.ctrlKey || event.metaKey || event.altKey || writing) return;
      event.preventDefault();
      box.current?.focus();
    };
    document.addEventListener('keydown', onKey);
    return () => {
      document.removeEventListener('keydown', onKey);
      clearTimeout(timer.current);
    };
  }, []);

  const search = (text: string, wait: number): void => {
    clearTimeout(timer.current);
    timer.current = setTimeout(() => {
      sent.current = text;
      onSearch(text);
    }, wait);
  };

  const lookUp = async (key: string): Promise<void> => {
    setFound({ kind: 'asking' });
    try {
      const { api_key: known } = await dataOf(api.POST('/v1/identity/api-keys/verify', { body: { key } }));
      setFound(known ? { kind: 'key', id: known.id, name: known.name } : { kind: 'none' });
    } catch (error) {
      setFound({ kind: 'failed', error });
    }
  };

  const change = (text: string): void => {
    const reading = readSearch(text, known);
    if (reading.kind === 'secret' && mayVerify) {
      setTyped('');
      search('', 0);
      void lookUp(reading.secret);
    } else if (reading.kind === 'prefix') {
      setTyped(reading.prefix);
      setFound(reading.secretCutOff ? { kind: 'cut-off' } : null);
      search(reading.prefix, 0);
    } else {
      setTyped(text);
      setFound(null);
      // What may be a secret is searched for nowhere: the address is kept in the history.
      search(reading.kind === 'secret' ? '' : reading.text, TYPING_MS);
    }
  };

  return (
    <div className="search">
      <div className="search-box" role="search">
        <Icon name="search" />
        <input
          ref={box}
          className="input"
          data-size="small"
          type="search"
          aria-label="Search keys by name, label or the key itself"
          aria-keyshortcuts="/"
          placeholder="Name, label, or paste a key"
          autoComplete="off"
          spellCheck={false}
          maxLength={2000}
          value={typed}
          onChange={(event) => change(event.target.value)}
        />
        {typed === '' ? <kbd aria-hidden="true">/</kbd> : null}
      </div>
      <FoundNotice found={found} />
    </div>
  );
}

function FoundNotice({ found }: { readonly found: Found | null }): ReactElement | null {
  if (found === null) return null;
  switch (found.kind) {
    case 'cut-off':
      return (
        <Notice>
          The secret of the pasted key was cut off here. Its public part finds the key, also after a rotation.
        </Notice>
      );
    case 'asking':
      return <Notice>Looking for the pasted key…</Notice>;
    case 'key':
      return (
        <Notice tone="good">
          The pasted key is{' '}
          <Link className="hostile" to="/keys/$keyId" params={{ keyId: found.id }}>
            {found.name}
          </Link>
          .
        </Notice>
      );
    case 'none':
      return <Notice tone="warn">No key of this organization is, or was, the pasted one.</Notice>;
    case 'failed':
      return <Notice tone="bad">{errorSentence(found.error)}</Notice>;
  }
}
