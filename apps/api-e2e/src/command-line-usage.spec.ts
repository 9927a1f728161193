import { expect, it } from '@jest/globals';
import { createOrganization, printedJson } from './support/command-line.js';
import { eventually } from './support/eventually.js';
import { Installation } from './support/installation.js';

interface PrintedUsage {
  readonly totals: Readonly<Record<string, number>>;
  readonly buckets: readonly Readonly<Record<string, unknown>>[];
  readonly keys: readonly { readonly api_key_id: string; readonly accepted: number }[];
}

it('the use of keys is shown on the command line', async () => {
  const installation = await Installation.create('postgres');
  const service = await installation.start({ LAST_USED_FLUSH_SECONDS: '1' });
  const acme = await createOrganization(installation, 'Acme');
  const { body } = await service.create(acme.plain_text_key, { name: 'deploy', scopes: ['orders:read'] });
  const { id, plain_text_key: key } = body as { id: string; plain_text_key: string };
  for (const path of ['whoami', 'whoami', 'api-keys']) {
    await service.send(`/v1/identity/${path}`, { headers: { 'x-api-key': key } });
  }
  const run = (...command: string[]) => installation.run(['usage', ...command, '--organization', 'Acme']);
  const json = async (...command: string[]) => printedJson(await run(...command, '--json')) as PrintedUsage;
  await eventually(async () => (await json('deploy')).totals['accepted'] === 2);
  const { totals, buckets, keys } = await json('deploy');
  expect(totals).toEqual({ accepted: 2, refused_state: 0, refused_scope: 1, refused_limit: 0, refused_address: 0 });
  expect(buckets).toEqual([{ starts_at: expect.stringMatching(/T00:00:00\.000Z$/), ...totals }]);
  expect(keys).toEqual([{ api_key_id: id, ...totals }]);
  expect((await json()).keys.map(({ api_key_id }) => api_key_id).sort()).toEqual([acme.api_key_id, id].sort());
  expect((await json('deploy', '--since', '2020-01-01T00:00:00Z', '--until', '2020-01-31T00:00:00Z')).keys).toEqual([]);

  const lines = (await run('deploy', '--by', 'hour', '--since', '24h')).stdout.split('\n');
  expect(lines).toEqual([expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:00:00\.000Z\t2\t0\t1\t0\t0$/), '']);
  const csv = (await run('deploy', '--csv')).stdout.split('\r\n');
  expect(csv).toEqual([
    'starts_at,accepted,refused_state,refused_scope,refused_limit,refused_address',
    expect.stringMatching(/^\d{4}-\d\d-\d\dT00:00:00\.000Z,2,0,1,0,0$/),
    '',
  ]);
  for (const wrong of [
    ['--by', 'hour', '--since', '32d'],
    ['--since', '1h', '--until', '2h'],
  ]) {
    const { status, stdout, stderr } = await run(...wrong);
    expect([status, stdout, stderr.trim()]).toEqual([2, '', expect.stringMatching(/at most 31 days|must lie before/)]);
  }
});
