import { Badge, Button, CopyButton, Icon, Menu, MenuItem, Notice, RequestFailed, Time } from '@feather-identity/react';
import { useQuery } from '@tanstack/react-query';
import { Link, useParams, useSearch } from '@tanstack/react-router';
import { useState, type ReactElement } from 'react';
import { Closed } from '../../layout/closed.js';
import { Failure, NotFound } from '../../layout/failure.js';
import { Page } from '../../layout/page.js';
import { useMay } from '../../session/session.js';
import { OrganizationKeys } from './organization-keys.js';
import { Members } from './members.js';
import { organizationQuery, type Organization } from './operator-queries.js';
import { DeleteOrganization, DisableOrganization, RenameOrganization, useEnable } from './organization-dialogs.js';
import './operator.css';

/** One organization, for the operator. */
export function OrganizationScreen(): ReactElement {
  const may = useMay();
  const { organizationId: id } = useParams({ from: '/_app/organizations/$organizationId' });
  const { data, error, refetch } = useQuery({ ...organizationQuery(id), enabled: may('organizations:read') });
  if (!may('organizations:read')) {
    return (
      <Page title="Organization">
        <Closed scope="organizations:read" what="see organizations" />
      </Page>
    );
  }
  if (error instanceof RequestFailed && [404, 422].includes(error.status)) return <NotFound />;
  if (data !== undefined) return <Shown organization={data} />;
  return (
    <Page title={error === null ? <span className="skeleton skeleton-title" /> : 'Organization'} above={<Back />}>
      {error === null ? null : <Failure error={error} retry={() => void refetch()} />}
    </Page>
  );
}

function Back(): ReactElement {
  return (
    <Link className="back" to="/organizations">
      <Icon name="left" />
      Organizations
    </Link>
  );
}

function Shown({ organization }: { readonly organization: Organization }): ReactElement {
  const may = useMay();
  const { tab, revoked } = useSearch({ from: '/_app/organizations/$organizationId' });
  const [asked, setAsked] = useState<'rename' | 'disable' | 'delete' | null>(null);
  const enable = useEnable(organization);
  const { id, name, is_active: active, disabled_at: disabledAt } = organization;
  const params = { organizationId: id };
  const close = (): void => setAsked(null);
  return (
    <Page
      title={
        <span className="organization-title">
          <span className="organization-name">{name}</span>
          {active ? null : <Badge>Disabled</Badge>}
        </span>
      }
      tabTitle={name}
      above={<Back />}
      lead={
        <span className="small organization-id">
          <code className="hostile">{id}</code>
          <CopyButton text={id} label="Copy the id" kind="quiet" size="small" iconOnly />
          <span>
            created <Time at={organization.created_at} />
          </span>
        </span>
      }
      actions={
        <>
          {may('audit:read') ? (
            <Link className="button" to="/audit" search={{ organization: id }}>
              <Icon name="list" />
              Audit
            </Link>
          ) : null}
          {may('organizations:manage') ? (
            <>
              {active ? null : (
                <Button icon="play" busy={enable.busy} onClick={() => void enable.run()}>
                  Enable
                </Button>
              )}
              <Menu
                label="Organization"
                trigger={
                  <>
                    Change
                    <Icon name="down" />
                  </>
                }
              >
                <MenuItem icon="pencil" onSelect={() => setAsked('rename')}>
                  Rename
                </MenuItem>
                {active ? (
                  <MenuItem icon="pause" tone="bad" onSelect={() => setAsked('disable')}>
                    Disable
                  </MenuItem>
                ) : null}
                <MenuItem icon="trash" tone="bad" onSelect={() => setAsked('delete')}>
                  Delete
                </MenuItem>
              </Menu>
            </>
          ) : null}
        </>
      }
    >
      {active ? null : (
        <Notice tone="warn">
          All keys of this organization are refused
          {disabledAt === null ? (
            ''
          ) : (
            <>
              {' '}
              since it was disabled, <Time at={disabledAt} />
            </>
          )}
          .
        </Notice>
      )}
      <nav className="tabs" aria-label="Parts of the organization">
        <Link
          to="/organizations/$organizationId"
          params={params}
          search={{ tab: undefined }}
          activeOptions={{ explicitUndefined: true }}
          replace
        >
          Keys
        </Link>
        <Link to="/organizations/$organizationId" params={params} search={{ tab: 'members' }} replace>
          Members
        </Link>
      </nav>
      {tab === 'members' ? (
        may('members:read') ? (
          <Members organizationId={id} />
        ) : (
          <Closed scope="members:read" what="see the members" />
        )
      ) : may('api_keys:read') ? (
        <OrganizationKeys organizationId={id} revoked={revoked === true} />
      ) : (
        <Closed scope="api_keys:read" what="see the keys" />
      )}
      {asked === 'rename' ? <RenameOrganization organization={organization} onClose={close} /> : null}
      {asked === 'disable' ? <DisableOrganization organization={organization} onClose={close} /> : null}
      {asked === 'delete' ? <DeleteOrganization organization={organization} onClose={close} /> : null}
    </Page>
  );
}
