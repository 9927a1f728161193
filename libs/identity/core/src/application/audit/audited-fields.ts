import type { ApiKey } from '../../domain/api-key.js';
import type { AuditedValue } from '../../domain/audit-event.js';

/** The fields of a key that a client decides, by the names that clients know them by; instants in ISO 8601. */
export function auditedFields(apiKey: Pick<ApiKey, 'name' | 'grant' | 'expiresAt'>): Record<string, AuditedValue> {
  const { name, grant, expiresAt } = apiKey;
  return { name, scopes: grant.scopes, expires_at: expiresAt && expiresAt.toISOString() };
}
