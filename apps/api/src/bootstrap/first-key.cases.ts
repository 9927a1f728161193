import { beforeEach, describe, expect, it } from '@jest/globals';
import { DATABASES, emptyDatabase } from '../../testing/databases.js';
import { environment } from '../../testing/environment.js';
import { send, WHOAMI } from '../../testing/requests.js';
import { startServiceIn } from '../../testing/service.js';
import { start } from '../../testing/started.js';

const LINE = /^API key \(shown once\): (fth_live_\w{46})$/;

describe.each(DATABASES)('the first key of an installation on %s', (type) => {
  let DATABASE_URL: string;

  beforeEach(async () => {
    DATABASE_URL = await emptyDatabase(type, process.env);
  });

  it('is printed by the first start, once, and works', async () => {
    const env = environment({ DATABASE_URL, BOOTSTRAP_ORGANIZATION_NAME: 'Acme' });
    const first = await start(env);
    expect(first.printed).toEqual([expect.stringMatching(LINE)]);
    expect((await start(env)).printed).toEqual([]);
    const service = await startServiceIn(env);
    const [, key = ''] = LINE.exec(first.printed[0] ?? '') ?? [];
    const { body } = await send(service, 'GET', WHOAMI, { key });
    await service.close();
    expect(body).toMatchObject({ organization_name: 'Acme', role: 'org:admin', api_key: { name: 'Owner key' } });
    expect(first.logText).toBe('');
  });

  it('is one, however many processes start at once (AU9)', async () => {
    const env = environment({ DATABASE_URL });
    await start({ ...env, production: true });
    const starts = await Promise.all(Array.from({ length: 16 }, () => start(env)));
    expect(starts.flatMap(({ printed }) => printed)).toEqual([expect.stringMatching(LINE)]);
    expect((await start(env)).keys).toHaveLength(1);
  });

  it('is never printed in production: the log says how to make it, until there is one', async () => {
    const env = environment({ DATABASE_URL, NODE_ENV: 'production' });
    const empty = await start(env);
    expect([empty.printed, empty.keys]).toEqual([[], []]);
    expect(empty.log).toEqual([
      expect.objectContaining({ level: 40, msg: expect.stringContaining(' organization create --name') }),
    ]);
    await start({ ...env, production: false });
    expect((await start(env)).log).toEqual([]);
  });
});
