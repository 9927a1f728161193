// One file for Jest, which loads NestJS anew for each.
import './authorization-matrix.cases.js';
import './concurrent-changes.cases.js';
import './key-limits.cases.js';
import './operator-api.cases.js';
import './operator-remote.cases.js';
import './shared-sockets.cases.js';
import './statements.cases.js';
import './tenancy.cases.js';
import './two-instances.cases.js';
import './unused-keys.cases.js';
import './docs/documented-traffic.cases.js';
