import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';

const INFRA = new URL('../../../../libs/identity/infra/src/', import.meta.url);
const ROWS = new URL('seed-rows.mjs', import.meta.url);
const CRYPTO = ['crypto/hmac-proof.ts', 'crypto/pepper-ring.ts'].map((file) => new URL(file, INFRA));

/** Names what seeded tables depend on: another schema, proof or seed makes another name. */
export function schemaVersion() {
  const migrations = new URL('persistence/migrations/', INFRA);
  const files = readdirSync(migrations).sort();
  const hash = createHash('sha256');
  for (const url of [...files.map((file) => new URL(file, migrations)), ...CRYPTO, ROWS])
    hash.update(readFileSync(url));
  return hash.digest('hex').slice(0, 8);
}
