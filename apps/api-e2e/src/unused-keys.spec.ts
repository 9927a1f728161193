import { beforeEach, describe, expect, it } from '@jest/globals';
import { printedJson } from './support/command-line.js';
import { DATABASES } from './support/database.js';
import { eventually } from './support/eventually.js';
import { Installation } from './support/installation.js';
import type { CreatedKey, Service } from './support/service.js';

const DAYS = 30;
const LONG_AGO = "'2020-01-01 00:00:00.000'";
const FORTY_DAYS_MS = 40 * 86_400_000;

/** Gives a program another clock, and has the job on unused keys run half a second after the start, not a minute. */
const OTHER_TIME = `
  const { now } = Date;
  const ahead = Number(process.env.AHEAD_MS);
  globalThis.Date = class extends Date {
    constructor(...given) {
      super(...(given.length === 0 ? [now() + ahead] : given));
    }
    static now() {
      return now() + ahead;
    }
  };
  const { setTimeout } = globalThis;
  globalThis.setTimeout = (work, delay, ...given) => setTimeout(work, delay === 60_000 ? 500 : delay, ...given);
`;

describe.each(DATABASES)('a policy that revokes unused keys on %s', (database) => {
  let installation: Installation;
  let service: Service;
  let owner: string;
  let unused: CreatedKey;

  beforeEach(async () => {
    installation = await Installation.create(database);
    service = await installation.start({ LAST_USED_FLUSH_SECONDS: '1' });
    owner = service.firstKey;
    unused = await service.newKey(owner, 'Unused');
    await service.send('/v1/identity/policy', {
      method: 'PATCH',
      headers: { 'x-api-key': owner },
      body: { revoke_unused_after_days: DAYS },
    });
    await eventually(async () => (await installation.database.query('SELECT * FROM use_observations')).length === 1);
  });

  const timeOf = async (ahead: number) => ({
    NODE_OPTIONS: `--require ${await installation.write('other-time.cjs', OTHER_TIME)}`,
    AHEAD_MS: String(ahead),
  });
  const names = async () => (await service.list(owner)).map(({ name }) => name).sort();
  const observeSinceLongAgo = () => installation.database.query(`UPDATE use_observations SET started_at = ${LONG_AGO}`);
  const makeUnused = async () => {
    await observeSinceLongAgo();
    for (const [table, id] of [
      ['api_keys', 'id'],
      ['api_key_secrets', 'api_key_id'],
    ]) {
      await installation.database.query(`UPDATE ${table} SET created_at = ${LONG_AGO} WHERE ${id} = '${unused.id}'`);
    }
  };

  it('revokes nothing in an instance that is 40 days ahead, though every key looks unused there', async () => {
    // On PostgreSQL whatever was observed: the clocks are compared.
    if (database === 'postgres') await observeSinceLongAgo();
    const wrong = await installation.start(await timeOf(FORTY_DAYS_MS));
    await eventually(async () =>
      database === 'postgres'
        ? wrong.output.includes('no unused keys are revoked. Set the clocks.')
        : (await installation.database.query('SELECT * FROM job_leases')).length === 1,
    );
    await wrong.stop();
    expect(await names()).toEqual(['Owner key', 'Unused']);
    expect(wrong.output).not.toContain('Revoked');
    expect(wrong.output.includes('The clock of this machine is 3456000 seconds ahead of the database')).toBe(
      database === 'postgres',
    );
  });

  it('is previewed by `feather unused-keys`, which revokes nothing', async () => {
    const preview = async () => printedJson(await installation.run(['unused-keys', '--json']));
    const organization = { organization_id: expect.any(String), revoke_unused_after_days: DAYS };
    expect(await preview()).toEqual([{ ...organization, unused_since: null, api_key_ids: [] }]);
    await makeUnused();
    expect(await preview()).toEqual([
      { ...organization, unused_since: expect.stringMatching(/Z$/), api_key_ids: [unused.id] },
    ]);
    expect(await installation.run(['unused-keys'])).toMatchObject({
      status: 0,
      stdout: expect.stringContaining(`api key ids:              ${unused.id}\n`),
      stderr: '',
    });
    expect(await names()).toEqual(['Owner key', 'Unused']);
  });

  it('revokes what the preview named, and tells of it', async () => {
    await makeUnused();
    const right = await installation.start(await timeOf(0));
    await eventually(async () => right.output.includes('Revoked 1 API keys of organization'));
    await right.stop();
    expect(right.output).toContain(`not used for ${DAYS} days: ${unused.id}`);
    expect(await names()).toEqual(['Owner key']);
  });
});

it('`feather unused-keys` says so where no policy revokes any', async () => {
  const { status, stdout, stderr } = await (await (await Installation.create('sqlite')).prepare()).run(['unused-keys']);
  expect([status, stdout, stderr]).toEqual([0, 'No policy of an organization revokes unused keys.\n', '']);
});

it('`feather unused-keys` names no key by a clock that is 40 days ahead of PostgreSQL', async () => {
  const installation = await (await Installation.create('postgres')).prepare();
  const settings = {
    NODE_OPTIONS: `--require ${await installation.write('other-time.cjs', OTHER_TIME)}`,
    AHEAD_MS: String(FORTY_DAYS_MS),
  };
  const { status, stdout, stderr } = await installation.run(['unused-keys'], settings);
  expect([status, stdout]).toEqual([1, '']);
  expect(stderr).toContain("The clock of this machine is 3456000 seconds ahead of the database's");
});
