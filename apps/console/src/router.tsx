import { holds } from '@feather-identity/react';
import type { QueryClient } from '@tanstack/react-query';
import {
  createRootRouteWithContext,
  createRoute,
  createRouter,
  lazyRouteComponent,
  Outlet,
  redirect,
} from '@tanstack/react-router';
import { basePath } from './api/client.js';
import { AppLayout } from './layout/app-layout.js';
import { FramelessFailure, NotFound, RouteFailure } from './layout/failure.js';
import { auditSearch } from './screens/audit/audit-search.js';
import { CreateScreen } from './screens/create/create-screen.js';
import { KeyScreen } from './screens/key/key-screen.js';
import { keySearch } from './screens/key/key-search.js';
import { keysSearch } from './screens/keys/keys-search.js';
import { KeysScreen } from './screens/keys/keys-screen.js';
import { organizationSearch, organizationsSearch } from './screens/operator/operator-search.js';
import { OwnKeyScreen } from './screens/own-key/own-key-screen.js';
import { SignInScreen } from './screens/sign-in/sign-in-screen.js';
import { usageSearch } from './screens/usage/usage-search.js';
import { text } from './search-params.js';
import { sessionQuery, type Session } from './session/session.js';

// Each is loaded when it is visited, or about to be.
const AuditScreen = lazyRouteComponent(() => import('./screens/audit/audit-screen.js'), 'AuditScreen');
const UsageScreen = lazyRouteComponent(() => import('./screens/usage/usage-screen.js'), 'UsageScreen');
const PolicyScreen = lazyRouteComponent(() => import('./screens/policy/policy-screen.js'), 'PolicyScreen');
const SessionsScreen = lazyRouteComponent(() => import('./screens/sessions/sessions-screen.js'), 'SessionsScreen');
const OrganizationsScreen = lazyRouteComponent(
  () => import('./screens/operator/organizations-screen.js'),
  'OrganizationsScreen',
);
const OrganizationScreen = lazyRouteComponent(
  () => import('./screens/operator/organization-screen.js'),
  'OrganizationScreen',
);

const root = createRootRouteWithContext<{ queries: QueryClient }>()({ component: Outlet });

const signIn = createRoute({
  getParentRoute: () => root,
  path: '/sign-in',
  validateSearch: (search): { to?: string; ended?: true } => {
    const to = text(search['to'], 2000);
    return {
      // Where to go afterwards: a path of this page, never another address.
      ...(to !== undefined && /^\/(?![/\\])/.test(to) && { to }),
      // Whether a session was over, so that this page was not asked for.
      ...(search['ended'] === true && { ended: true }),
    };
  },
  component: SignInScreen,
  errorComponent: FramelessFailure,
});

const app = createRoute({
  getParentRoute: () => root,
  id: '_app',
  beforeLoad: async ({ context, location }) => {
    const session = await context.queries.query(sessionQuery);
    if (session === null) {
      // oxlint-disable-next-line typescript/only-throw-error -- how the router is told
      throw redirect({ to: '/sign-in', search: location.href === '/' ? {} : { to: location.href } });
    }
    return { session };
  },
  component: AppLayout,
  errorComponent: FramelessFailure,
});

/** Sends a session to its own start from pages that are about the other kind. */
const onlyFor =
  (kind: Session['kind']) =>
  ({ context }: { readonly context: { readonly session: Session } }): void => {
    // oxlint-disable-next-line typescript/only-throw-error -- how the router is told
    if (context.session.kind !== kind) throw redirect({ to: '/', replace: true });
  };

/** Sends sessions that may not see keys to what they may see. */
const forReaders = (route: { readonly context: { readonly session: Session } }): void => {
  onlyFor('tenant')(route);
  // oxlint-disable-next-line typescript/only-throw-error -- how the router is told
  if (!holds(route.context.session, 'api_keys:read')) throw redirect({ to: '/', replace: true });
};

const index = createRoute({
  getParentRoute: () => app,
  path: '/',
  beforeLoad: ({ context: { session } }) => {
    // oxlint-disable-next-line typescript/only-throw-error -- how the router is told
    if (session.kind === 'operator') throw redirect({ to: '/organizations', replace: true });
    // oxlint-disable-next-line typescript/only-throw-error -- how the router is told
    if (holds(session, 'api_keys:read')) throw redirect({ to: '/keys', replace: true });
  },
  component: OwnKeyScreen,
});

const keys = createRoute({
  getParentRoute: () => app,
  beforeLoad: forReaders,
  path: '/keys',
  validateSearch: keysSearch,
  component: KeysScreen,
});
const create = createRoute({
  getParentRoute: () => app,
  path: '/keys/new',
  beforeLoad: onlyFor('tenant'),
  component: CreateScreen,
});
const key = createRoute({
  getParentRoute: () => app,
  beforeLoad: forReaders,
  path: '/keys/$keyId',
  validateSearch: keySearch,
  component: KeyScreen,
});
const usage = createRoute({
  getParentRoute: () => app,
  path: '/usage',
  validateSearch: usageSearch,
  component: UsageScreen,
});
const audit = createRoute({
  getParentRoute: () => app,
  path: '/audit',
  validateSearch: auditSearch,
  component: AuditScreen,
});
const policy = createRoute({
  getParentRoute: () => app,
  path: '/policy',
  beforeLoad: onlyFor('tenant'),
  component: PolicyScreen,
});
const sessions = createRoute({ getParentRoute: () => app, path: '/sessions', component: SessionsScreen });
const organizations = createRoute({
  getParentRoute: () => app,
  beforeLoad: onlyFor('operator'),
  path: '/organizations',
  validateSearch: organizationsSearch,
  component: OrganizationsScreen,
});
const organization = createRoute({
  getParentRoute: () => app,
  beforeLoad: onlyFor('operator'),
  path: '/organizations/$organizationId',
  validateSearch: organizationSearch,
  component: OrganizationScreen,
});

// Any other address, in the frame as well.
const nowhere = createRoute({ getParentRoute: () => app, path: '$', component: NotFound });

const routeTree = root.addChildren([
  signIn,
  app.addChildren([index, keys, create, key, usage, audit, policy, sessions, organizations, organization, nowhere]),
]);

/** The addresses of the console, below the path that it is served from. */
export function createConsoleRouter(queries: QueryClient) {
  return createRouter({
    routeTree,
    basepath: basePath,
    context: { queries },
    scrollRestoration: true,
    defaultErrorComponent: RouteFailure,
    // Scrolls and focus are moved by the layout; a pending page keeps the one before it.
    defaultPendingMs: 10_000,
    defaultPreload: 'intent',
  });
}

declare module '@tanstack/react-router' {
  interface Register {
    router: ReturnType<typeof createConsoleRouter>;
  }
}
