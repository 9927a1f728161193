export { guardContract } from './guard-contract.js';
export { type GuardedHost } from './guarded-host.js';
export { GuardedOrdersModule } from './guarded-orders.module.js';
export { IdentityTestingModule } from './identity-testing.module.js';
export { guardLimitContract, guardLimits } from './limit-contract.js';
