import { useToast, type ApiKey } from '@feather-identity/react';
import { useQueryClient } from '@tanstack/react-query';
import { useState, type ReactElement } from 'react';
import { api, answerOf } from '../../api/client.js';
import { FormDialog } from '../../layout/form-dialog.js';

/** Asks before a key of an organization is revoked. */
export function RevokeKey({
  organizationId,
  apiKey: key,
  onRevoked,
  onClose,
}: {
  readonly organizationId: string;
  readonly apiKey: Pick<ApiKey, 'id' | 'name'>;
  readonly onRevoked?: () => void;
  readonly onClose: () => void;
}): ReactElement {
  const queries = useQueryClient();
  const toast = useToast();
  const [cascade, setCascade] = useState(false);
  const revoke = async (): Promise<void> => {
    const params = {
      path: { organization_id: organizationId, key_id: key.id },
      ...(cascade && { query: { cascade } }),
    };
    const { response } = await answerOf(
      api.DELETE('/v1/operator/organizations/{organization_id}/api-keys/{key_id}', { params }),
    );
    const living = response.headers.get('x-living-descendants') ?? '0';
    toast(
      living === '0'
        ? 'The key is revoked. It is refused from now on.'
        : `The key is revoked. ${living} of the keys that it made still work.`,
    );
    void queries.invalidateQueries({ queryKey: ['organizations', 'keys'] });
    void queries.invalidateQueries({ queryKey: ['audit'] });
    onRevoked?.();
    onClose();
  };
  return (
    <FormDialog
      title="Revoke this key?"
      description={
        <>
          Every request with <bdi className="hostile">{key.name.slice(0, 120)}</bdi> is refused from now on. This cannot
          be undone.
        </>
      }
      action="Revoke key"
      danger
      onSubmit={revoke}
      onClose={onClose}
    >
      {() => (
        <label className="check-row">
          <input
            className="check"
            type="checkbox"
            checked={cascade}
            onChange={({ target }) => setCascade(target.checked)}
          />
          <span>
            Revoke all keys that it made, too
            <span className="muted small"> After a leak: whoever had the key could make others with it.</span>
          </span>
        </label>
      )}
    </FormDialog>
  );
}
