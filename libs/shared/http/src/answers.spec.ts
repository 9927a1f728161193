// What clients are answered, in one file for Jest, which loads NestJS anew for each.
import './address.cases.js';
import './corpus.cases.js';
import './errors/openapi-schemas.cases.js';
import './json/parse.cases.js';
import './server/native-errors.cases.js';
import './server/thrown-errors.cases.js';
import './validation/body-decorators.cases.js';
import './validation/constraint-rules.cases.js';
import './validation/date-time-rule.cases.js';
import './validation/extra-fields.cases.js';
import './validation/request-validation.pipe.cases.js';
