export { guardContract } from './guard-contract.js';
export { GuardedOrdersController } from './guarded-orders.controller.js';
export { type GuardedHost } from './guarded-host.js';
export { IdentityTestingModule } from './identity-testing.module.js';
