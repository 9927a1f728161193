const page = (text, link) => ({ text, link: `/${link}` });

/** The pages in the order in which people need them. A page that is missing here stops the build. */
export const sidebar = [
  { text: 'Start', items: [page('Start', 'start'), page('Concepts', 'concepts')] },
  {
    text: 'Keys',
    items: [
      page('Create, change, revoke', 'guides/keys'),
      page('Limits and networks', 'guides/limits'),
      page('Rotation', 'guides/rotation'),
      page('Lists and search', 'guides/lists'),
      page('Policies', 'guides/policies'),
      page('Usage', 'guides/usage'),
      page('Audit log', 'guides/audit-log'),
      page('The console', 'guides/console'),
    ],
  },
  {
    text: 'In your application',
    items: [
      page('NestJS', 'guides/nestjs'),
      page('Remote mode', 'guides/nestjs-remote'),
      page('The guard in detail', 'guides/nestjs-guard'),
      page('GraphQL, WebSockets', 'guides/nestjs-transports'),
      page('Tests and adapters', 'guides/nestjs-testing'),
      page('Nx', 'guides/nx'),
      page('Other services and languages', 'guides/verify'),
      page('Gateways', 'guides/gateways'),
      page('MCP servers', 'guides/mcp'),
      page('A SaaS with many customers', 'guides/multi-tenant'),
      page('The operator API', 'guides/operator-api'),
    ],
  },
  {
    text: 'Migrate',
    items: [
      page('From another system', 'guides/migrate'),
      page('better-auth', 'guides/migrate-better-auth'),
      page('nestarc', 'guides/migrate-nestarc'),
      page('Unkey', 'guides/migrate-unkey'),
      page('passport', 'guides/migrate-passport'),
      page('Imported keys', 'guides/imported-keys'),
    ],
  },
  {
    text: 'Operating',
    items: [
      page('Production', 'operating/production'),
      page('Containers and Kubernetes', 'operating/containers'),
      page('Health checks and restarts', 'operating/restarts'),
      page('Leases', 'operating/leases'),
      page('Scaling', 'operating/scaling'),
      page('PostgreSQL', 'operating/postgresql'),
      page('Backups and upgrades', 'operating/backups-and-upgrades'),
      page('From 0.1 to 0.2', 'operating/upgrading-from-0.1'),
      page('Peppers', 'operating/peppers'),
      page('Incidents', 'operating/incidents'),
      page('Monitoring', 'operating/monitoring'),
      page('Traces', 'operating/traces'),
      page('Logs', 'operating/logs'),
    ],
  },
  {
    text: 'Reference',
    items: [
      page('HTTP', 'reference/http'),
      page('Command line', 'reference/command-line'),
      page('Settings', 'reference/settings'),
      page('Errors', 'reference/errors'),
      page('Metrics', 'reference/metrics'),
      page('Audit events', 'reference/audit-events'),
      page('TypeScript', 'reference/typescript'),
      page('Differences from the Feather API', 'reference/deviations'),
    ],
  },
  {
    text: 'Security and reasons',
    items: [
      page('Security', 'security'),
      page('What a request costs', 'why/verification'),
      page('Compared with others', 'why/comparison'),
    ],
  },
];
