import { errorShapes } from './error-shapes.mjs';
import { headers } from './headers.mjs';
import { lifecycle } from './lifecycle.mjs';
import { refusals } from './refusals.mjs';

/** What clients rely on beyond the bodies of validation errors. */
export const CHECK_GROUPS = [lifecycle, refusals, errorShapes, headers];
