/** The scopes that the routes of `IdentityModule` require. */
export const API_KEYS_READ = 'api_keys:read';
export const API_KEYS_MANAGE = 'api_keys:manage';
export const API_KEYS_VERIFY = 'api_keys:verify';
export const AUDIT_READ = 'audit:read';
export const POLICIES_MANAGE = 'policies:manage';
