import type { components } from '@feather-identity/client';
import {
  Button,
  Dialog,
  DialogButtons,
  Field,
  isScope,
  issueOf,
  Notice,
  SecretReveal,
  splitList,
} from '@feather-identity/react';
import { useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState, type ReactElement } from 'react';
import { api, dataOf } from '../../api/client.js';
import { FormDialog } from '../../layout/form-dialog.js';
import { TextField } from './text-field.js';

type Created = components['schemas']['OrganizationCreateResponse'];

const FIELDS = ['name', 'owner_external_id', 'owner_email', 'owner_display_name', 'first_key_scopes', 'first_key_name'];

/** Creates an organization with its owner and, if wanted, a first key, which is shown once. */
export function CreateOrganization({ onClose }: { readonly onClose: () => void }): ReactElement {
  const [created, setCreated] = useState<Created | null>(null);
  return created === null ? (
    <CreateForm onCreated={setCreated} onClose={onClose} />
  ) : (
    <FirstKey created={created} onClose={onClose} />
  );
}

function CreateForm({
  onCreated,
  onClose,
}: {
  readonly onCreated: (created: Created) => void;
  readonly onClose: () => void;
}): ReactElement {
  const queries = useQueryClient();
  const navigate = useNavigate();
  const [name, setName] = useState('');
  const [ownerName, setOwnerName] = useState('');
  const [ownerEmail, setOwnerEmail] = useState('');
  const [ownerId, setOwnerId] = useState('');
  const [withKey, setWithKey] = useState(true);
  const [everything, setEverything] = useState(true);
  const [scopes, setScopes] = useState('');
  const listed = splitList(scopes);
  const wrong = listed.find((scope) => !isScope(scope));

  const create = async (): Promise<void> => {
    const given = (field: string, text: string): object => (text.trim() === '' ? {} : { [field]: text.trim() });
    const created = await dataOf(
      api.POST('/v1/operator/organizations', {
        body: {
          name: name.trim(),
          ...given('owner_display_name', ownerName),
          ...given('owner_email', ownerEmail),
          ...given('owner_external_id', ownerId),
          ...(withKey && { first_key_scopes: everything ? ['*'] : [...listed] }),
        },
      }),
    );
    void queries.invalidateQueries({ queryKey: ['organizations'] });
    void queries.invalidateQueries({ queryKey: ['audit'] });
    if (created.api_key !== undefined) {
      onCreated(created);
      return;
    }
    onClose();
    await navigate({ to: '/organizations/$organizationId', params: { organizationId: created.organization.id } });
  };

  return (
    <FormDialog
      title="New organization"
      description="With its owner, and a first key that you hand over. All of it is made, or nothing."
      action="Create organization"
      ready={name.trim() !== '' && (!withKey || everything || (listed.length > 0 && wrong === undefined))}
      fields={FIELDS}
      onSubmit={create}
      onClose={onClose}
    >
      {(error) => (
        <>
          <TextField label="Name" autoFocus value={name} error={issueOf(error, 'name')} onChange={setName} />
          <div className="two-fields">
            <TextField
              label="Name of the owner"
              optional
              value={ownerName}
              error={issueOf(error, 'owner_display_name')}
              onChange={setOwnerName}
            />
            <TextField
              label="Email of the owner"
              optional
              value={ownerEmail}
              error={issueOf(error, 'owner_email')}
              onChange={setOwnerEmail}
            />
          </div>
          <TextField
            label="Id of the owner in your identity provider"
            optional
            mono
            placeholder="owner"
            value={ownerId}
            error={issueOf(error, 'owner_external_id')}
            onChange={setOwnerId}
          />
          <label className="check-row">
            <input
              className="check"
              type="checkbox"
              checked={withKey}
              onChange={({ target }) => setWithKey(target.checked)}
            />
            <span>
              Make a first key
              <span className="muted small"> Without one, only the command line can make keys for it later.</span>
            </span>
          </label>
          {withKey ? (
            <label className="check-row">
              <input
                className="check"
                type="checkbox"
                checked={everything}
                onChange={({ target }) => setEverything(target.checked)}
              />
              <span>
                It may do everything <span className="muted small">in this organization</span>
              </span>
            </label>
          ) : null}
          {withKey && !everything ? (
            <Field
              label="Scopes of the first key"
              hint="Separated by commas or lines, such as orders:read or stock:*."
              error={
                wrong === undefined
                  ? issueOf(error, 'first_key_scopes')
                  : `“${wrong.slice(0, 40)}” is no scope: write resource:action.`
              }
            >
              {(control) => (
                <textarea
                  {...control}
                  className="textarea"
                  data-mono=""
                  rows={2}
                  spellCheck={false}
                  value={scopes}
                  onChange={({ target }) => setScopes(target.value)}
                />
              )}
            </Field>
          ) : null}
        </>
      )}
    </FormDialog>
  );
}

function FirstKey({ created, onClose }: { readonly created: Created; readonly onClose: () => void }): ReactElement {
  const navigate = useNavigate();
  const [copied, setCopied] = useState(false);
  const [asked, setAsked] = useState(false);
  const { organization, api_key: key } = created;
  const leave = (): void => {
    onClose();
    void navigate({ to: '/organizations/$organizationId', params: { organizationId: organization.id } });
  };
  const tryToLeave = (): void => (copied || asked ? leave() : setAsked(true));
  return (
    <Dialog
      title="Copy the first key"
      description={
        <>
          <bdi className="hostile">{organization.name}</bdi> is created. Hand this key to its owner.
        </>
      }
      onClose={tryToLeave}
    >
      <div className="dialog-body">
        <SecretReveal secret={key?.plain_text_key ?? ''} onCopied={() => setCopied(true)} />
        <Notice tone={asked && !copied ? 'bad' : 'warn'}>
          {asked && !copied
            ? 'You have not copied it. Nobody can see it again, and this console cannot make another one for them.'
            : 'It is shown this once. The service keeps no copy that it could show again.'}
        </Notice>
      </div>
      <DialogButtons onClose={tryToLeave} closeLabel={asked && !copied ? 'Leave without it' : 'Close'}>
        <Button kind="primary" disabled={!copied} onClick={leave}>
          Done
        </Button>
      </DialogButtons>
    </Dialog>
  );
}
