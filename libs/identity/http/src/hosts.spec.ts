// One file for Jest, which loads NestJS anew for each.
import './versioned-hosts.cases.js';
