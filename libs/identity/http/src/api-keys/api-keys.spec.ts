// One file for Jest, which loads NestJS anew for each.
import './colliding-keys.cases.js';
import './create-api-key.cases.js';
import './find-api-key.cases.js';
import './growing-keys.cases.js';
import './invalid-bodies.cases.js';
import './invalid-updates.cases.js';
import './key-limit.cases.js';
import './list-api-keys.cases.js';
import './list-pages.cases.js';
import './list-queries.cases.js';
import './plain-text.cases.js';
import './privileged-fields.cases.js';
import './revoke-api-key.cases.js';
import './revoked-while-creating.cases.js';
import './rotate-api-key.cases.js';
import './rotation-requests.cases.js';
import './update-api-key.cases.js';
