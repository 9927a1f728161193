// One file for Jest, which loads NestJS anew for each.
import '../address.cases.js';
import '../corpus.cases.js';
import '../errors/openapi-schemas.cases.js';
import '../json/parse.cases.js';
import './body-decorators.cases.js';
import './constraint-rules.cases.js';
import './date-time-rule.cases.js';
import './extra-fields.cases.js';
import './request-validation.pipe.cases.js';
