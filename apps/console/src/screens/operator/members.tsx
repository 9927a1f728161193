import {
  Badge,
  Button,
  counted,
  EmptyState,
  errorSentence,
  Icon,
  issueOf,
  Menu,
  MenuItem,
  Time,
  useToast,
} from '@feather-identity/react';
import { useInfiniteQuery, useQueryClient } from '@tanstack/react-query';
import { useState, type ReactElement } from 'react';
import { api, answerOf, dataOf } from '../../api/client.js';
import { Failure } from '../../layout/failure.js';
import { FormDialog } from '../../layout/form-dialog.js';
import { LoadMore } from '../../layout/load-more.js';
import { useMay } from '../../session/session.js';
import { SkeletonRows } from '../../layout/skeleton-rows.js';
import { organizationMembersQuery, type Member } from './operator-queries.js';
import { TextField } from './text-field.js';

type Asked = { readonly what: 'add' } | { readonly what: 'change' | 'disable' | 'remove'; readonly member: Member };

/** The members of an organization: add, change, disable, remove. */
export function Members({ organizationId }: { readonly organizationId: string }): ReactElement {
  const mayManage = useMay()('members:manage');
  const queries = useQueryClient();
  const toast = useToast();
  const list = useInfiniteQuery(organizationMembersQuery(organizationId));
  const members = list.data?.pages.flatMap(({ items }) => items) ?? [];
  const [asked, setAsked] = useState<Asked | null>(null);
  const done = (said: string): void => {
    toast(said);
    void queries.invalidateQueries({ queryKey: ['organizations', 'members', organizationId] });
    void queries.invalidateQueries({ queryKey: ['audit'] });
    setAsked(null);
  };
  const shared = { organizationId, onDone: done, onClose: () => setAsked(null) };
  const enable = async (member: Member): Promise<void> => {
    try {
      await change(organizationId, member.id, { is_active: true });
      done('The keys of this member are accepted again.');
    } catch (error) {
      toast(errorSentence(error), 'bad');
    }
  };
  return (
    <section className="panel" aria-label="Members">
      <div className="list-head">
        <p className="small muted">People and services that own keys. A member of the role org:admin is the owner.</p>
        {mayManage ? (
          <Button size="small" icon="plus" onClick={() => setAsked({ what: 'add' })}>
            Add member
          </Button>
        ) : null}
      </div>
      {list.error === null ? null : (
        <div className="panel-body">
          <Failure error={list.error} retry={() => void list.refetch()} />
        </div>
      )}
      {list.isSuccess && members.length === 0 ? (
        <EmptyState icon="building" title="No members">
          <p>Every key belongs to a member. Add one to give it keys.</p>
        </EmptyState>
      ) : (
        <table className="table operator-table">
          <thead>
            <tr>
              <th scope="col">Member</th>
              <th scope="col">Role</th>
              <th scope="col" className="wide-only">
                Id in your identity provider
              </th>
              <th scope="col" className="wide-only">
                Added
              </th>
              <th scope="col">
                <span className="visually-hidden">Actions</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {list.isPending ? (
              <SkeletonRows rows={4} columns={5} />
            ) : (
              members.map((member) => (
                <tr key={member.id}>
                  <td>
                    <span className="row cell-row">
                      <span className="cell-name truncate">{nameOf(member)}</span>
                      {member.is_active ? null : <Badge>Disabled</Badge>}
                    </span>
                    {member.email === null || member.email === nameOf(member) ? null : (
                      <span className="muted small truncate cell-email">{member.email}</span>
                    )}
                  </td>
                  <td>
                    <code className="tag">{member.role}</code>
                  </td>
                  <td className="wide-only">
                    <code className="truncate cell-id">{member.clerk_user_id}</code>
                  </td>
                  <td className="wide-only muted">
                    <Time at={member.created_at} />
                  </td>
                  <td className="end">
                    {mayManage ? (
                      <Menu
                        className="button icon-button"
                        label={`Change ${nameOf(member).slice(0, 60)}`}
                        trigger={
                          <>
                            <span className="visually-hidden">Change {nameOf(member).slice(0, 60)}</span>
                            <Icon name="more" />
                          </>
                        }
                      >
                        <MenuItem icon="pencil" onSelect={() => setAsked({ what: 'change', member })}>
                          Change
                        </MenuItem>
                        {member.is_active ? (
                          <MenuItem icon="pause" tone="bad" onSelect={() => setAsked({ what: 'disable', member })}>
                            Disable
                          </MenuItem>
                        ) : (
                          <MenuItem icon="play" onSelect={() => void enable(member)}>
                            Enable
                          </MenuItem>
                        )}
                        <MenuItem icon="trash" tone="bad" onSelect={() => setAsked({ what: 'remove', member })}>
                          Remove
                        </MenuItem>
                      </Menu>
                    ) : null}
                  </td>
                </tr>
              ))
            )}
          </tbody>
        </table>
      )}
      {members.length === 0 ? null : (
        <LoadMore
          more={list.hasNextPage}
          busy={list.isFetchingNextPage}
          onMore={() => void list.fetchNextPage()}
          end={counted(members.length, 'member')}
        />
      )}
      {asked?.what === 'add' ? <MemberForm {...shared} /> : null}
      {asked?.what === 'change' ? <MemberForm {...shared} member={asked.member} /> : null}
      {asked?.what === 'disable' ? <DisableMember {...shared} member={asked.member} /> : null}
      {asked?.what === 'remove' ? <RemoveMember {...shared} member={asked.member} /> : null}
    </section>
  );
}

interface Shared {
  readonly organizationId: string;
  readonly onDone: (said: string) => void;
  readonly onClose: () => void;
}

function nameOf({ display_name: name, email, clerk_user_id: id }: Member): string {
  return name ?? email ?? id;
}

async function change(
  organizationId: string,
  memberId: string,
  body: { email?: string | null; display_name?: string | null; role?: string; is_active?: boolean },
): Promise<void> {
  const params = { path: { organization_id: organizationId, member_id: memberId } };
  await dataOf(api.PATCH('/v1/operator/organizations/{organization_id}/members/{member_id}', { params, body }));
}

/** Adds a member, or changes one. */
function MemberForm({ organizationId, member, onDone, onClose }: Shared & { readonly member?: Member }): ReactElement {
  const [externalId, setExternalId] = useState(member?.clerk_user_id ?? '');
  const [name, setName] = useState(member?.display_name ?? '');
  const [email, setEmail] = useState(member?.email ?? '');
  const [role, setRole] = useState(member?.role ?? 'org:member');
  const orNull = (text: string): string | null => (text.trim() === '' ? null : text.trim());
  const save = async (): Promise<void> => {
    const body = { display_name: orNull(name), email: orNull(email), role: role.trim() };
    if (member !== undefined) {
      await change(organizationId, member.id, body);
      onDone('The member is changed.');
      return;
    }
    const params = { path: { organization_id: organizationId } };
    await dataOf(
      api.POST('/v1/operator/organizations/{organization_id}/members', {
        params,
        body: { ...body, external_id: externalId.trim() },
      }),
    );
    onDone('The member is added.');
  };
  return (
    <FormDialog
      title={member === undefined ? 'Add a member' : 'Change the member'}
      action={member === undefined ? 'Add member' : 'Save'}
      ready={externalId.trim() !== '' && role.trim() !== ''}
      fields={['external_id', 'display_name', 'email', 'role']}
      onSubmit={save}
      onClose={onClose}
    >
      {(error) => (
        <>
          {member === undefined ? (
            <TextField
              label="Id in your identity provider"
              hint="Unique in the organization. It cannot be changed later."
              autoFocus
              mono
              value={externalId}
              error={issueOf(error, 'external_id')}
              onChange={setExternalId}
            />
          ) : null}
          <div className="two-fields">
            <TextField
              label="Name"
              optional
              autoFocus={member !== undefined}
              value={name}
              error={issueOf(error, 'display_name')}
              onChange={setName}
            />
            <TextField label="Email" optional value={email} error={issueOf(error, 'email')} onChange={setEmail} />
          </div>
          <TextField
            label="Role"
            hint="Shown by whoami. The oldest member with org:admin is the owner."
            mono
            value={role}
            error={issueOf(error, 'role')}
            onChange={setRole}
          />
        </>
      )}
    </FormDialog>
  );
}

function DisableMember({
  organizationId,
  member,
  onDone,
  onClose,
}: Shared & { readonly member: Member }): ReactElement {
  return (
    <FormDialog
      title="Disable this member?"
      description={
        <>
          All keys of <bdi className="hostile">{nameOf(member).slice(0, 120)}</bdi> are refused from the next request
          on, until you enable it again.
        </>
      }
      action="Disable"
      danger
      onSubmit={async () => {
        await change(organizationId, member.id, { is_active: false });
        onDone('All keys of this member are refused from now on.');
      }}
      onClose={onClose}
    />
  );
}

function RemoveMember({ organizationId, member, onDone, onClose }: Shared & { readonly member: Member }): ReactElement {
  return (
    <FormDialog
      title="Remove this member?"
      description={
        <>
          <bdi className="hostile">{nameOf(member).slice(0, 120)}</bdi> is removed with all of its keys, which are
          refused from now on. This cannot be undone; to stop them for a while, disable the member.
        </>
      }
      action="Remove member and keys"
      danger
      onSubmit={async () => {
        const params = { path: { organization_id: organizationId, member_id: member.id } };
        await answerOf(api.DELETE('/v1/operator/organizations/{organization_id}/members/{member_id}', { params }));
        onDone('The member is removed with its keys.');
      }}
      onClose={onClose}
    />
  );
}
