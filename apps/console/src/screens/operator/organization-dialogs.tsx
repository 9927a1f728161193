import { counted, errorSentence, issueOf, Notice, RequestFailed, useToast } from '@feather-identity/react';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState, type ReactElement } from 'react';
import { api, dataOf } from '../../api/client.js';
import { FormDialog } from '../../layout/form-dialog.js';
import { organizationQuery, type Organization } from './operator-queries.js';
import { TextField } from './text-field.js';

/** Longer names are confirmed by their beginning. */
const MOST_TYPED = 24;

interface Asked {
  readonly organization: Organization;
  readonly onClose: () => void;
}

function useChange({ id }: Organization): (change: { name?: string; is_active?: boolean }) => Promise<void> {
  const queries = useQueryClient();
  return async (change) => {
    const params = { path: { organization_id: id } };
    const changed = await dataOf(api.PATCH('/v1/operator/organizations/{organization_id}', { params, body: change }));
    queries.setQueryData(organizationQuery(id).queryKey, changed);
    void queries.invalidateQueries({ queryKey: ['organizations', 'list'] });
    void queries.invalidateQueries({ queryKey: ['organizations', 'names'] });
    void queries.invalidateQueries({ queryKey: ['audit'] });
  };
}

/** Accepts the keys of an organization again. */
export function useEnable(organization: Organization): { readonly busy: boolean; readonly run: () => Promise<void> } {
  const change = useChange(organization);
  const toast = useToast();
  const [busy, setBusy] = useState(false);
  return {
    busy,
    run: async () => {
      setBusy(true);
      try {
        await change({ is_active: true });
        toast('Its keys are accepted again.');
      } catch (error) {
        toast(errorSentence(error), 'bad');
      } finally {
        setBusy(false);
      }
    },
  };
}

/** Gives an organization another name. */
export function RenameOrganization({ organization, onClose }: Asked): ReactElement {
  const change = useChange(organization);
  const [name, setName] = useState(organization.name);
  return (
    <FormDialog
      title="Rename the organization"
      description="Its keys and members stay as they are."
      action="Rename"
      ready={name.trim() !== '' && name.trim() !== organization.name}
      fields={['name']}
      onSubmit={async () => {
        await change({ name: name.trim() });
        onClose();
      }}
      onClose={onClose}
    >
      {(error) => <TextField label="Name" autoFocus value={name} error={issueOf(error, 'name')} onChange={setName} />}
    </FormDialog>
  );
}

/** Asks before all keys of an organization are refused. */
export function DisableOrganization({ organization, onClose }: Asked): ReactElement {
  const change = useChange(organization);
  const toast = useToast();
  return (
    <FormDialog
      title="Disable the organization?"
      description="All of its keys are refused from the next request on, until you enable it again. Nothing is lost."
      action="Disable"
      danger
      onSubmit={async () => {
        await change({ is_active: false });
        toast('All keys of the organization are refused from now on.');
        onClose();
      }}
      onClose={onClose}
    />
  );
}

/**
 * Deletes an organization in the two steps of the API: the first one counts what would be gone, and its confirmation holds
 * for just that.
 */
export function DeleteOrganization({ organization, onClose }: Asked): ReactElement {
  const queries = useQueryClient();
  const navigate = useNavigate();
  const toast = useToast();
  const [typed, setTyped] = useState('');
  const { id, name } = organization;
  const path = { organization_id: id };
  const counting = useQuery({
    queryKey: ['organizations', 'deletion', id],
    queryFn: async () => dataOf(api.DELETE('/v1/operator/organizations/{organization_id}', { params: { path } })),
    staleTime: 0,
    gcTime: 0,
    refetchOnWindowFocus: false,
  });
  const { data: counts } = counting;
  const confirm = counts?.confirm ?? null;
  const phrase = phraseOf(name);

  const remove = async (): Promise<void> => {
    if (confirm === null) return;
    try {
      const params = { path, query: { confirm } };
      await dataOf(api.DELETE('/v1/operator/organizations/{organization_id}', { params }));
    } catch (error) {
      // Something was added or removed meanwhile: the counts are read again, and asked about again.
      if (error instanceof RequestFailed && error.status === 409) {
        setTyped('');
        void counting.refetch();
        throw new RequestFailed(400, null, 'It has changed meanwhile: look at the new numbers and confirm again.');
      }
      throw error;
    }
    toast('The organization is deleted. Its audit log is kept.');
    onClose();
    await navigate({ to: '/organizations', search: {} });
    queries.removeQueries({ queryKey: ['organizations', 'one', id] });
    void queries.invalidateQueries({ queryKey: ['organizations'] });
  };

  return (
    <FormDialog
      title="Delete the organization for good?"
      description="It is gone with its members and keys, and every request with them is refused. To stop it for a while, disable it."
      action="Delete organization"
      danger
      ready={confirm !== null && typed.trim() === phrase}
      onSubmit={remove}
      onClose={onClose}
    >
      {() => (
        <>
          {counting.error === null ? null : <Notice tone="bad">{errorSentence(counting.error)}</Notice>}
          <Notice tone="bad">
            {counts === undefined
              ? 'Counting what would be deleted…'
              : `${counted(counts.members, 'member')} and ${counted(counts.api_keys, 'key')} are deleted with it, revoked ones included.`}
          </Notice>
          <TextField
            label={
              <>
                Type <code className="hostile phrase">{phrase}</code> to confirm
              </>
            }
            autoFocus
            value={typed}
            onChange={setTyped}
          />
        </>
      )}
    </FormDialog>
  );
}

/** What confirms a deletion: the name, or its beginning. */
function phraseOf(name: string): string {
  return [...name].slice(0, MOST_TYPED).join('').trim();
}
