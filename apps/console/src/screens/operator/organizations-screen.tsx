import { Badge, Button, counted, EmptyState, Icon, Time } from '@feather-identity/react';
import { useInfiniteQuery } from '@tanstack/react-query';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { useEffect, useState, type ReactElement } from 'react';
import { Closed } from '../../layout/closed.js';
import { Failure } from '../../layout/failure.js';
import { LoadMore } from '../../layout/load-more.js';
import { Page } from '../../layout/page.js';
import { useMay } from '../../session/session.js';
import { SkeletonRows } from '../../layout/skeleton-rows.js';
import { CreateOrganization } from './create-organization.js';
import { FindKey } from './find-key.js';
import { organizationsQuery, type Organization } from './operator-queries.js';
import './operator.css';

const TYPING_MS = 200;

/** All organizations of the installation, for its operator. */
export function OrganizationsScreen(): ReactElement {
  const may = useMay();
  const [creating, setCreating] = useState(false);
  return (
    <Page
      title="Organizations"
      lead="Everybody who has keys in this installation, newest first."
      actions={
        may('organizations:manage') ? (
          <Button kind="primary" icon="plus" onClick={() => setCreating(true)}>
            New organization
          </Button>
        ) : undefined
      }
    >
      {may('api_keys:read') ? <FindKey /> : null}
      {may('organizations:read') ? (
        <List onCreate={may('organizations:manage') ? () => setCreating(true) : undefined} />
      ) : (
        <Closed scope="organizations:read" what="list the organizations" />
      )}
      {creating ? <CreateOrganization onClose={() => setCreating(false)} /> : null}
    </Page>
  );
}

function List({ onCreate }: { readonly onCreate: (() => void) | undefined }): ReactElement {
  const { search = '' } = useSearch({ from: '/_app/organizations' });
  const navigate = useNavigate();
  const [typed, setTyped] = useState(search);
  const list = useInfiniteQuery(organizationsQuery(search));
  const organizations = list.data?.pages.flatMap(({ items }) => items) ?? [];

  useEffect(() => {
    if (typed.trim() === search) return undefined;
    const timer = setTimeout(() => {
      const next = typed.trim();
      void navigate({ to: '/organizations', search: next === '' ? {} : { search: next }, replace: true });
    }, TYPING_MS);
    return () => clearTimeout(timer);
  }, [typed, search, navigate]);

  if (!list.isPending && organizations.length === 0 && search === '' && list.error === null) {
    return (
      <EmptyState
        icon="building"
        title="No organization yet"
        actions={
          onCreate === undefined ? undefined : (
            <Button kind="primary" onClick={onCreate}>
              New organization
            </Button>
          )
        }
      >
        <p>
          An organization is a customer or a team with keys of its own. Nobody of one sees anything of another. Make one
          here, or at sign-up by the operator API.
        </p>
      </EmptyState>
    );
  }
  return (
    <section className="panel" aria-label="Organizations">
      <div className="list-head">
        <div className="picker">
          <Icon name="search" />
          <input
            className="input"
            data-size="small"
            type="search"
            aria-label="Search organizations"
            placeholder="Search by name"
            value={typed}
            onChange={({ target }) => setTyped(target.value)}
          />
        </div>
      </div>
      {list.error === null ? null : (
        <div className="panel-body">
          <Failure error={list.error} retry={() => void list.refetch()} />
        </div>
      )}
      <table className="table operator-table">
        <thead>
          <tr>
            <th scope="col">Organization</th>
            <th scope="col">State</th>
            <th scope="col" className="end">
              Created
            </th>
          </tr>
        </thead>
        <tbody>
          {list.isPending ? (
            <SkeletonRows rows={8} columns={3} />
          ) : (
            organizations.map((each) => <Row key={each.id} organization={each} />)
          )}
        </tbody>
      </table>
      {organizations.length === 0 && search !== '' && !list.isFetching ? (
        <EmptyState icon="search" title="No organization is called like this">
          <p>The search looks for this text anywhere in a name. Upper and lower case of A to Z are the same.</p>
        </EmptyState>
      ) : null}
      {organizations.length === 0 ? null : (
        <LoadMore
          more={list.hasNextPage}
          busy={list.isFetchingNextPage}
          onMore={() => void list.fetchNextPage()}
          end={counted(organizations.length, 'organization')}
        />
      )}
    </section>
  );
}

function Row({ organization }: { readonly organization: Organization }): ReactElement {
  const { id, name, is_active: active, created_at: created } = organization;
  return (
    <tr data-link="">
      <td>
        <Link className="row-link truncate" to="/organizations/$organizationId" params={{ organizationId: id }}>
          {name}
        </Link>
      </td>
      <td>
        <Badge tone={active ? 'good' : 'quiet'} dot>
          {active ? 'Active' : 'Disabled'}
        </Badge>
      </td>
      <td className="end muted">
        <span className="above">
          <Time at={created} />
        </span>
      </td>
    </tr>
  );
}
