// One file for Jest, which loads NestJS anew for each.
import './api-key-check/api-key-check.cases.js';
import './api-key-check/foreign-keys.cases.js';
import './api-key-check/invalid-checks.cases.js';
import './api-key-check/overloaded-checks.cases.js';
import './audit/audit-events.cases.js';
import './audit/audit-pages.cases.js';
import './authorize/authorize.cases.js';
import './callers.cases.js';
import './key-prefix.cases.js';
import './policy/policy.cases.js';
import './secrets-in-answers.cases.js';
import './unknown-input.cases.js';
import './whoami/whoami.cases.js';
