export { CannotProtectError } from './protect/cannot-protect-error.js';
export { protectGenerator } from './protect/protect.generator.js';
export { type ProtectMode, type ProtectOptions } from './protect/protect.options.js';
