// What becomes of connections, in one file for Jest, which loads NestJS anew for each.
import './drain.cases.js';
import './expectations.cases.js';
import './many-headers.cases.js';
import './methods.cases.js';
import './pipelining.cases.js';
import './request-syntax.cases.js';
import './shutdown.cases.js';
import './unhooked-answers.cases.js';
import './upgrade-offers.cases.js';
import './withheld-bodies.cases.js';
