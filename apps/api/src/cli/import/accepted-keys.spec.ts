import { createHash, createHmac } from 'node:crypto';
import type { ImportedApiKey } from '@feather-identity/core';
import { ImportedPeppers, ImportedKeyLookups } from '@feather-identity/infra';
import { describe, expect, it } from '@jest/globals';
import { AcceptedKeys } from './accepted-keys.js';
import { settingOf } from './required-settings.js';

const PEPPER = Buffer.from('pepper of the other system');
const importedPeppers = ImportedPeppers.parse(`old:${PEPPER.toString('base64url')}`);
const importedKeys = ImportedKeyLookups.parse('sha256,hmac-sha256,nestarc', importedPeppers);
const accepted = new AcceptedKeys({ importedKeys, importedPeppers });

const PLAIN = 'acme_live_0123456789abcdefghij';
const NESTARC_HEAD = 'acme_test_0123456789ab';
const NESTARC_SECRET = 's'.repeat(32);
const mac = `hmac-sha256:old:${createHmac('sha256', PEPPER).update(PLAIN).digest('base64url')}`;
const digest = createHash('sha256').update(NESTARC_SECRET).update(PEPPER).digest('base64url');

const imported = (hash: string, lookup: string, keyPrefix: string | null): ImportedApiKey => ({
  organizationId: '0199d5a0-0000-7000-8000-000000000000',
  name: 'CI',
  hash,
  lookup,
  keyPrefix,
  scopes: null,
  createdAt: null,
  expiresAt: null,
});
const refusalOf = (key: ImportedApiKey) => accepted.refusal(key, settingOf(key));

describe('a key that is imported with how it begins', () => {
  it.each([
    ['an HMAC', mac, mac, PLAIN],
    ['nestarc', `nestarc:old:${digest}`, `prefix:${NESTARC_HEAD}`, `${NESTARC_HEAD}_${NESTARC_SECRET}`],
  ])('is refused where that is all of it: %s', (_what, hash, lookup, whole) => {
    expect(refusalOf(imported(hash, lookup, whole.slice(0, 12)))).toBeNull();
    expect(refusalOf(imported(hash, lookup, null))).toBeNull();
    expect(refusalOf(imported(hash, lookup, whole))).toBe('The prefix is the whole key, which would be shown.');
  });
});
