import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { Installation } from './support/installation.js';
import { BENCH_SMOKE, BENCH_SMOKE_INSTANCES } from './support/workspace.js';

describe('the bench', () => {
  it('seeds a database that the library and the service verify a request with', async () => {
    const installation = await Installation.create('sqlite');
    const bench = installation.startProgram([BENCH_SMOKE, join(installation.folder, 'bench.db')]);
    const { status, stderr } = await bench.outcome;
    expect({ status, stderr }).toEqual({ status: 0, stderr: '{"library":[200,401],"service":[200,401]}\n' });
  });

  it('finds the stale answers of an instance behind a cache, and none of the other instances', async () => {
    const installation = await Installation.create('postgres');
    const url = installation.database.settings['DATABASE_URL'] ?? '';
    const bench = installation.startProgram([BENCH_SMOKE_INSTANCES, url, installation.folder]);
    expect(await bench.outcome).toMatchObject({ status: 0, stdout: '{"acknowledged":12,"stale":[0]}\n' });
  });
});
