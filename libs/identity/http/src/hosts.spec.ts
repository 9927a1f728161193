// One file for Jest, which loads NestJS anew for each.
import './authentication/class-access.cases.js';
import './authentication/closed-routes.cases.js';
import './authentication/key-environments.cases.js';
import './authentication/key-tracker.cases.js';
import './versioned-hosts.cases.js';
