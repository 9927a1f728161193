import { type ApiKeyDetails, type FoundApiKey, type ReadUsage, UNUSED } from '@feather-identity/core';

/** A key that was changed, and how often it was used lately. */
export async function withUsage(readUsage: ReadUsage, details: ApiKeyDetails): Promise<FoundApiKey> {
  const { id, organizationId } = details.apiKey;
  const usage = await readUsage.recent(organizationId, [id]);
  return { ...details, usage30d: usage.get(id) ?? UNUSED };
}
