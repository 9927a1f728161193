import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { DATABASES } from './support/database.js';
import { Installation } from './support/installation.js';
import type { Service } from './support/service.js';

const PROCESSES = 4;
const MIGRATIONS = join(import.meta.dirname, '../../../libs/identity/infra/src/persistence/migrations');
/** How many rows a fresh installation has in each table. */
const ROWS = {
  api_key_labels: 0,
  api_key_quotas: 0,
  api_key_secrets: 1,
  api_key_usage_days: 0,
  api_key_usage_hours: 0,
  api_keys: 1,
  audit_events: 2,
  bootstrap: 1,
  job_leases: 0,
  key_settings: 1,
  members: 1,
  migrations: readdirSync(MIGRATIONS).filter((name) => /^\d+-/.test(name)).length,
  console_links: 1,
  console_sessions: 0,
  operator_events: 0,
  operator_keys: 0,
  organizations: 1,
  use_observations: 0,
};

describe.each(DATABASES)('several processes on one %s database', (database) => {
  let installation: Installation;
  let services: Service[];
  let key: string;

  beforeAll(async () => {
    installation = await Installation.create(database);
    services = await Promise.all(Array.from({ length: PROCESSES }, () => installation.start()));
    key = services.flatMap(({ printedKeys }) => printedKeys)[0] ?? '';
  });

  it('come up at once on an empty one, and exactly one prints a key (DU7, AU9)', () => {
    expect(services.flatMap(({ printedKeys }) => printedKeys)).toHaveLength(1);
    expect(new Set(services.map(({ url }) => url)).size).toBe(PROCESSES);
  });

  it('leave a complete schema, one organization, one key and one link to the console, with an event of each (DU7)', async () => {
    await services.find(({ printedKeys }) => printedKeys.length > 0)?.printsLink();
    const dump = await installation.database.dump();
    const tables = dump.split('\n').map((line) => line.split(/: (.*)/s) as [string, string]);
    const rows = tables.map(([name, all]) => [name, (JSON.parse(all) as unknown[]).length] as const);
    // Leases begin and end as processes verify keys.
    const lasting = rows.filter(([name]) => !name.startsWith('sqlite_') && name !== 'credential_leases');
    expect(Object.fromEntries(lasting)).toEqual(ROWS);
    for (const service of services) expect(await service.send('/readyz')).toMatchObject({ status: 200 });
  });

  it('all take the one key, under one pepper', async () => {
    const stored = () => installation.database.query('SELECT proof FROM api_key_secrets');
    const before = await stored();
    for (const service of services) expect(await service.whoami(key)).toMatchObject({ status: 200 });
    expect(await stored()).toEqual(before);
  });

  it('take a new key at once and refuse it right after any of them revoked it (RV1, RV7)', async () => {
    for (const [index, maker] of services.entries()) {
      const { id, plain_text_key: created } = await maker.newKey(key);
      const others = [...services.slice(index + 1), ...services.slice(0, index)];
      for (const other of others) expect(await other.whoami(created)).toMatchObject({ status: 200 });
      expect(await others[0]!.revoke(key, id)).toMatchObject({ status: 204 });
      for (const service of services) expect(await service.whoami(created)).toMatchObject({ status: 401 });
    }
  });
});
