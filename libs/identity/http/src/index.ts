export { ApiKeyAuthentication } from './authentication/api-key-authentication.js';
export { ApiKeyGuard } from './authentication/api-key.guard.js';
export { callerOf } from './authentication/caller-of-request.js';
export { CurrentCaller } from './authentication/current-caller.decorator.js';
export { Public, publicRoute, RequireScopes } from './authentication/route-access.js';
export { IdentityModule } from './identity.module.js';
export { type IdentityModuleOptions } from './identity.options.js';
export { API_KEY_SECURITY } from './protected-operation.decorator.js';
