// One file for Jest, which loads NestJS anew for each.
import '../errors/failing-ports.cases.js';
import '../errors/identity-error.mapper.cases.js';
import './expiry.cases.js';
import './failure-throttle.cases.js';
import './key-header.cases.js';
import './one-refusal.cases.js';
import './organization-rate-limit.cases.js';
import './refusal-time.cases.js';
import './withheld-body.cases.js';
