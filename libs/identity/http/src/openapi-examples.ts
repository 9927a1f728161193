/**
 * The values of all examples in the OpenAPI document. They tell one story: Ada of Acme makes a key for the web shop. The
 * plain text of a key ends in dots, so that no example is a key.
 */
export const EXAMPLE = {
  organizationId: '019ad1c3-52e0-7a4f-9c61-2f6d1f0b8e01',
  organizationName: 'Acme',
  memberId: '019ad1c3-52e1-7d08-8b3a-6c1f9e2d4a02',
  externalId: 'owner',
  email: 'ada@example.com',
  displayName: 'Ada',
  role: 'org:admin',
  ownerKeyId: '019ad1c3-52e2-7b91-a4c7-0e5d8f3b6a03',
  keyId: '019ad1c4-8f10-7c33-b2de-91a7c4e05f04',
  eventId: '019ad1c4-8f14-7e5a-9d02-3b8f6a1c7d05',
  requestId: '019ad1c4-8f0c-7a12-8e94-5d2b7c3f9a06',
  address: '203.0.113.7',
  userAgent: 'web-shop/2.4 (node 22)',
  name: 'web shop',
  description: 'Shows orders and stock in the web shop.',
  labels: ['team:shop', 'production'],
  metadata: { customer: 'c_1042' },
  keyPrefix: 'fth_live_4fQ9bT2x',
  plainText: 'fth_live_4fQ9bT2x...',
  scopes: ['orders:read', 'stock:*'],
  permissions: ['orders:read'],
  createdAt: '2026-11-30T09:15:04Z',
  lastUsedAt: '2026-12-01T17:40:12.382000Z',
  revokedAt: '2026-12-24T08:00:00Z',
  expiresAt: '2099-12-31T23:59:59Z',
  graceEndsAt: '2026-12-02T09:15:04Z',
  confirmation: 'q3Jb0t1Wm8Yk2VxL',
  cursor: 'MTc5NjAzMDEwNDAwMC4wMTlhZDFjNC04ZjEwLTdjMzMtYjJkZS05MWE3YzRlMDVmMDQ',
} satisfies Record<string, string | string[] | Record<string, string>>;
