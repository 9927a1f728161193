export { type IdentityApiError } from './identity-api-error.js';
export {
  createIdentityClient,
  type IdentityClient,
  type IdentityClientOptions,
  type ReadableOperations,
} from './identity-client.js';
export { RemoteApiKeyVerifier } from './remote/remote-api-key-verifier.js';
export { type RemoteVerifierOptions } from './remote/remote-verifier.options.js';
export { type VerifierLog } from './remote/service-health.js';
export { type components, type paths } from './schema.js';
