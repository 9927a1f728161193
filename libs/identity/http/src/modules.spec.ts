// One file for Jest, which loads NestJS anew for each.
import './authentication/described-scopes.cases.js';
import './authentication/host-routes.cases.js';
import './authentication/route-access.cases.js';
import './authentication/routes-outside-nest.cases.js';
import './authentication/undeclared-routes.cases.js';
import './authentication/unguarded-routes.cases.js';
import './clock.watch.cases.js';
import './identity-client.module.cases.js';
import './identity.module.cases.js';
import './option-checks.cases.js';
import './write-behind.runner.cases.js';
import './plain-hosts.cases.js';
import './testing/identity-testing.module.cases.js';
import './unused-keys.revoker.cases.js';
