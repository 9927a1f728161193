import { expect, it, jest } from '@jest/globals';
import { DATABASES } from '../../testing/databases.js';
import { startService } from '../../testing/service.js';
import { watchForNewerVersion } from './newer-version.js';

const HOUR_MS = 3_600_000;

it.each(DATABASES)('a service says now and every hour that a newer version has migrated its %s', async (type) => {
  const service = await startService(type, process.env);
  const { identity, log } = service;
  const warnings = () => log.lines.filter(({ msg }) => String(msg).startsWith('A newer version has migrated'));
  jest.useFakeTimers({ doNotFake: ['nextTick', 'setImmediate', 'setTimeout', 'queueMicrotask', 'performance'] });
  await watchForNewerVersion(identity, log.logger);
  expect(warnings()).toEqual([]);
  const name = 'ExpandIdentityNotes1999000000000';
  await identity.dataSource.query(`INSERT INTO migrations (timestamp, name) VALUES (1999000000000, '${name}')`);
  jest.advanceTimersByTime(HOUR_MS);
  jest.useRealTimers();
  while (warnings().length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
  expect(warnings()).toMatchObject([{ level: 40, migrations: [name] }]);
  await service.close();
});
