import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { Installation } from '../support/installation.js';
import { SAMPLE } from '../support/workspace.js';
import { newOrganization, Sample } from './sample.js';

const PRODUCTION = { NODE_ENV: 'production', SESSION_KEY: 'a key of at least 32 characters, of a test' };

describe('the sample in production', () => {
  it('does not start without peppers, and makes none', async () => {
    const installation = await Installation.create('sqlite');
    const { status, stdout, stderr } = await installation.launch([SAMPLE], { PORT: '0', ...PRODUCTION }).outcome;
    expect([status, stdout]).toEqual([1, '']);
    expect(stderr).toContain(
      'API_KEY_PEPPERS_FILE names a file that does not exist. Create it, outside the database backup:',
    );
    expect(existsSync(join(installation.folder, 'data/sample-orders-peppers'))).toBe(false);
  });

  it('prints no key at a start, and the command that makes one', async () => {
    const installation = await Installation.create('sqlite');
    const { stdout: peppers } = await installation.run(['pepper', 'generate']);
    const settings = { ...PRODUCTION, API_KEY_PEPPERS_FILE: await installation.write('peppers', peppers) };
    const sample = await Sample.start(installation, settings);
    expect(sample.output).toMatch(/^In production the start creates no key\. Run: .*\nOrders are served on \S+\n$/);
    const key = await newOrganization(installation, 'First customer', settings);
    expect(await sample.as(key, 'GET', '/orders')).toMatchObject({ status: 200 });
  });
});
