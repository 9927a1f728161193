import {
  Button,
  CopyButton,
  EmptyState,
  Icon,
  KeyStateBadge,
  RequestFailed,
  stateOf,
  errorSentence,
  useNow,
  useToast,
  type ApiKeyDetail,
} from '@feather-identity/react';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { useState, type ReactElement } from 'react';
import { api, dataOf } from '../../api/client.js';
import { keyQuery } from '../../api/queries.js';
import { Failure } from '../../layout/failure.js';
import { Page } from '../../layout/page.js';
import { useMay, useSession } from '../../session/session.js';
import { EditDialog } from './edit-dialog.js';
import { FirstRequest } from './first-request.js';
import { KeyFacts } from './key-facts.js';
import { KeyTrail } from './key-trail.js';
import { KeyUsageChart } from './key-usage.js';
import { keyInLists } from './known-key.js';
import { MadeKeys } from './made-keys.js';
import { RevokeDialog } from './revoke-dialog.js';
import { RotateDialog } from './rotate-dialog.js';
import { RotationNotice } from './rotation-notice.js';

const BACK = (
  <Link className="back" to="/keys">
    <Icon name="left" />
    Keys
  </Link>
);

/** Everything about one key. */
export function KeyScreen(): ReactElement {
  const { keyId } = useParams({ from: '/_app/keys/$keyId' });
  const queries = useQueryClient();
  const key = useQuery({
    ...keyQuery(keyId),
    // What the list has said about it, until the answer comes.
    placeholderData: () => keyInLists(queries, keyId),
    // Soon, whether the old secret of a rotation is still used, and whether a new key is used at all.
    refetchInterval: ({ state: { data } }) =>
      data !== undefined && (data.previous_secret_expires_at !== null || isUnused(data)) ? 10_000 : 60_000,
  });
  if (key.data !== undefined) return <KeyPage key={keyId} apiKey={key.data} />;
  if (!key.isError)
    return (
      <Page title=" " above={BACK}>
        {null}
      </Page>
    );
  return (
    <Page title="Key" above={BACK}>
      {key.error instanceof RequestFailed && [404, 422].includes(key.error.status) ? (
        <EmptyState icon="key" title="No such key">
          <p>This organization has no key with this id. Search for it by its name or public part.</p>
        </EmptyState>
      ) : (
        <Failure error={key.error} retry={() => void key.refetch()} />
      )}
    </Page>
  );
}

function KeyPage({ apiKey: key }: { readonly apiKey: ApiKeyDetail }): ReactElement {
  const session = useSession();
  const may = useMay();
  const navigate = useNavigate();
  const { by = 'day' } = useSearch({ from: '/_app/keys/$keyId' });
  const [open, setOpen] = useState<'edit' | 'rotate' | 'revoke' | null>(null);
  const close = (): void => setOpen(null);
  const own = key.id === session.api_key?.id;
  const state = stateOf(key, useNow());
  const changeable = may('api_keys:manage') && state !== 'revoked';

  return (
    <Page
      title={
        <span className="key-title">
          <bdi>{key.name}</bdi>
          <KeyStateBadge life={key} />
        </span>
      }
      tabTitle={key.name}
      above={BACK}
      lead={
        <>
          <span className="prefix">
            <code>{key.key_prefix}</code>
            <CopyButton text={key.key_prefix} label="Copy the public part" kind="quiet" size="small" iconOnly />
            {own ? <span className="tag">this session</span> : null}
          </span>
          {key.description === null ? null : <p className="hostile">{key.description}</p>}
        </>
      }
      actions={
        changeable ? (
          <>
            <Button icon="pencil" onClick={() => setOpen('edit')}>
              Edit
            </Button>
            <Button icon="rotate" onClick={() => setOpen('rotate')}>
              Rotate
            </Button>
            {/* What is at its end, no switch brings back: a later end does. */}
            {state === 'expired' ? null : <SwitchButton apiKey={key} />}
            <Button kind="danger-quiet" icon="trash" onClick={() => setOpen('revoke')}>
              Revoke
            </Button>
          </>
        ) : null
      }
    >
      <RotationNotice apiKey={key} mayReadTrail={may('audit:read')} />
      <div className="key-grid">
        <div>
          {isUnused(key) && ['active', 'expiring'].includes(state) ? (
            <FirstRequest />
          ) : may('usage:read') ? (
            <KeyUsageChart
              keyId={key.id}
              by={by}
              onBy={(next) =>
                void navigate({
                  to: '/keys/$keyId',
                  params: { keyId: key.id },
                  search: next === 'day' ? {} : { by: next },
                  replace: true,
                  resetScroll: false,
                })
              }
            />
          ) : null}
          <MadeKeys keyId={key.id} />
          {may('audit:read') ? <KeyTrail keyId={key.id} /> : null}
        </div>
        <div>
          <KeyFacts apiKey={key} />
        </div>
      </div>
      {open === 'edit' ? <EditDialog apiKey={key} onClose={close} /> : null}
      {open === 'rotate' ? <RotateDialog apiKey={key} own={own} onClose={close} /> : null}
      {open === 'revoke' ? <RevokeDialog apiKey={key} own={own} onClose={close} /> : null}
    </Page>
  );
}

/** Whether no request has come with a key, as far as is known. */
function isUnused({ last_used_at: last, usage_30d: usage }: ApiKeyDetail): boolean {
  return last === null && (usage === undefined || usage.accepted + usage.refused === 0);
}

/** Disables a key, or enables it again: both can be undone, so it asks nothing. */
function SwitchButton({ apiKey: key }: { readonly apiKey: ApiKeyDetail }): ReactElement {
  const queries = useQueryClient();
  const toast = useToast();
  const [busy, setBusy] = useState(false);
  const active = key.is_active;

  const change = async (): Promise<void> => {
    setBusy(true);
    try {
      const answer = await dataOf(
        api.PATCH('/v1/identity/api-keys/{key_id}', {
          params: { path: { key_id: key.id } },
          body: { is_active: !active },
        }),
      );
      queries.setQueryData(keyQuery(key.id).queryKey, answer);
      toast(active ? 'Disabled. Requests with it are refused from now on.' : 'Enabled. It works again.');
      void queries.invalidateQueries({ queryKey: ['keys'] });
      void queries.invalidateQueries({ queryKey: ['audit'] });
    } catch (error) {
      toast(errorSentence(error), 'bad');
    } finally {
      setBusy(false);
    }
  };
  return (
    <Button icon={active ? 'pause' : 'play'} busy={busy} onClick={() => void change()}>
      {active ? 'Disable' : 'Enable'}
    </Button>
  );
}
