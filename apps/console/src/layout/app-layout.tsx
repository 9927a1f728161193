import { Badge, Icon, Tips, ToastProvider, useToast, type IconName } from '@feather-identity/react';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, Outlet, useRouter, useRouterState } from '@tanstack/react-router';
import { useEffect, useRef, type ReactElement } from 'react';
import { cameByLink, holderOf } from '../screens/sign-in/arrival.js';
import { SessionContext, sessionQuery, useMay, useSession } from '../session/session.js';
import { AccountMenu } from './account-menu.js';
import { Logo } from './logo.js';

interface NavItem {
  readonly to: '/' | '/keys' | '/usage' | '/audit' | '/policy' | '/sessions' | '/organizations';
  readonly label: string;
  readonly icon: IconName;
  /** Without it there is nothing to see. */
  readonly scope?: string;
}

const TENANT: readonly NavItem[] = [
  { to: '/keys', label: 'Keys', icon: 'key', scope: 'api_keys:read' },
  { to: '/usage', label: 'Usage', icon: 'chart', scope: 'usage:read' },
  { to: '/audit', label: 'Audit', icon: 'list', scope: 'audit:read' },
  { to: '/policy', label: 'Policy', icon: 'shield', scope: 'api_keys:read' },
  { to: '/sessions', label: 'Sessions', icon: 'screen' },
];

/** For who may not see the keys. */
const OWN_KEY: NavItem = { to: '/', label: 'This key', icon: 'key' };

const OPERATOR: readonly NavItem[] = [
  { to: '/organizations', label: 'Organizations', icon: 'building' },
  { to: '/usage', label: 'Usage', icon: 'chart', scope: 'usage:read' },
  { to: '/audit', label: 'Audit', icon: 'list', scope: 'audit:read' },
  { to: '/sessions', label: 'Sessions', icon: 'screen' },
];

/** The frame of every page that needs a session. */
export function AppLayout(): ReactElement | null {
  const { data: session } = useQuery(sessionQuery);
  if (session === null) return <SignedOut />;
  if (session === undefined) return null;
  return (
    <SessionContext value={session}>
      <Frame />
    </SessionContext>
  );
}

/** Leads to signing in, and from there back to where the session ended. */
function SignedOut(): null {
  const router = useRouter();
  useEffect(() => {
    const { href: to } = router.state.location;
    void router.navigate({ to: '/sign-in', search: { to, ended: true }, replace: true });
  }, [router]);
  return null;
}

function Frame(): ReactElement {
  const session = useSession();
  const may = useMay();
  const main = useRef<HTMLElement>(null);
  const path = useRouterState({ select: ({ location }) => location.pathname });
  const first = useRef(true);

  // Another page: the focus goes to its beginning, as it would without a script.
  useEffect(() => {
    if (first.current) first.current = false;
    else if (main.current?.contains(document.activeElement) === false) main.current.focus({ preventScroll: true });
  }, [path]);

  const allowed = (session.kind === 'operator' ? OPERATOR : TENANT).filter(
    ({ scope }) => scope === undefined || may(scope),
  );
  const items = session.kind === 'tenant' && !may('api_keys:read') ? [OWN_KEY, ...allowed] : allowed;
  return (
    <ToastProvider>
      <Arrival />
      <div className="app">
        <a
          className="skip-link button"
          href="#main"
          onClick={(event) => {
            event.preventDefault();
            main.current?.focus();
          }}
        >
          Skip to the page
        </a>
        <aside className="sidebar">
          <div className="sidebar-head">
            <Logo />
            <div className="sidebar-names">
              <span className="sidebar-name hostile">{session.organization?.name ?? 'Feather Identity'}</span>
              {session.kind === 'operator' ? <Badge tone="info">Operator</Badge> : null}
            </div>
          </div>
          <nav className="nav" aria-label="Console">
            {items.map(({ to, label, icon }) => (
              <Link key={to} to={to} className="nav-item" activeOptions={{ exact: to === '/' }}>
                <Icon name={icon} />
                {label}
              </Link>
            ))}
          </nav>
          <div className="sidebar-foot">
            <AccountMenu />
          </div>
        </aside>
        <main className="main" id="main" ref={main} tabIndex={-1}>
          <Outlet />
        </main>
      </div>
      <Tips />
    </ToastProvider>
  );
}

/** Says for whom a link has signed in. */
function Arrival(): null {
  const session = useSession();
  const queries = useQueryClient();
  const toast = useToast();
  useEffect(() => {
    if (cameByLink(queries)) toast(`The link has signed you in as ${holderOf(session)}.`);
  }, [queries, session, toast]);
  return null;
}
