// What an application injects and gets, so that it need not know the core.
export {
  ApiKeys,
  type Caller,
  IdentityError,
  type IdentityErrorCode,
  type IssueKeyRequest,
  type KeyInfo,
  type KeyUser,
  type KeyWithToken,
  Organizations,
  type StoredUser,
} from '@feather-identity/core';
export { ApiKeyAuthentication, type FastifyApplication } from './authentication/api-key-authentication.js';
export { ApiKeyGuard } from './authentication/api-key.guard.js';
export { getChangedKeyId } from './api-keys/changed-key.js';
export { getCaller } from './authentication/caller-of-request.js';
export { type ClientRequest, type ClientSocket } from './client-request.js';
export { type GuardedRequest } from './authentication/guarded-request.js';
export { CurrentCaller, type OptionalParameter } from './authentication/current-caller.decorator.js';
export { keyTracker } from './authentication/key-tracker.js';
export {
  type AccessDecorator,
  API_KEY_SECURITY,
  Public,
  publicRoute,
  RequireEnvironment,
  RequireScopes,
} from './authentication/route-access.js';
export { ConsoleAuthentication, getConsoleSessionId } from './console/console-authentication.js';
export { CONSOLE_PATH, ConsoleOrigin, isConsoleRequest, rewriteConsoleTarget } from './console/console-request.js';
export { IdentityErrorFilter } from './errors/identity-error.filter.js';
export { type HeaderResponse, type NodeResponse } from './header-response.js';
export { IdentityClientModule } from './identity-client.module.js';
export { type IdentityClientModuleOptions } from './identity-client.module-definition.js';
export { IdentityModule } from './identity.module.js';
export { type MountedControllers } from './identity.module-definition.js';
export { type AuthenticationLimits, type IdentityModuleOptions, type KeyLocation } from './identity.options.js';
export { traceRequests } from './tracing/trace-requests.js';
export { type OperatorScope } from './operator/operator-access.js';
export { getOperatorKey, OperatorAuthentication } from './operator/operator-authentication.js';
export { OPERATOR_KEY_SECURITY } from './operator/operator-controller.decorator.js';
export {
  API_KEYS_MANAGE,
  API_KEYS_READ,
  API_KEYS_VERIFY,
  AUDIT_READ,
  MEMBERS_READ,
  POLICIES_MANAGE,
  USAGE_READ,
} from './scopes.js';
