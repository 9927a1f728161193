/** The scope that lists and shows keys. */
export const API_KEYS_READ = 'api_keys:read';
/** The scope that creates, changes, rotates and revokes keys. */
export const API_KEYS_MANAGE = 'api_keys:manage';
/** The scope that verifies other keys of the organization. */
export const API_KEYS_VERIFY = 'api_keys:verify';
/** The scope that lists members. */
export const MEMBERS_READ = 'members:read';
/** The scope that reads the audit log. */
export const AUDIT_READ = 'audit:read';
/** The scope that reads how often keys are used. */
export const USAGE_READ = 'usage:read';
/** The scope that changes the organization's policy. */
export const POLICIES_MANAGE = 'policies:manage';
