import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { temporaryFolder } from '../../testing/databases.js';
import { rateLimitLocation } from './rate-limit-store.js';

describe('RATE_LIMIT_STORE_FILE', () => {
  const path = join(temporaryFolder(), 'store');
  const read = () => rateLimitLocation({ rateLimitStore: null, rateLimitStoreFile: path });

  it('must be there', async () => {
    await expect(read()).rejects.toThrow(/cannot be read \(ENOENT\)$/);
  });

  it('has an address, and a line break behind it or none', async () => {
    for (const end of ['', '\n', '\r\n']) {
      writeFileSync(path, `redis://:hunter2@h${end}`);
      expect(await read()).toMatchObject({ host: 'h', password: 'hunter2' });
    }
  });

  it.each(['', 'hunter2', 'redis://:hunter2@h\nredis://:hunter2@i', 'postgres://hunter2@h'])(
    'that has something else is told without it: %j',
    async (text) => {
      writeFileSync(path, text);
      const error: unknown = await read().catch((reason: unknown) => reason);
      expect(String(error)).toContain('the file must have one line, redis://');
      expect(String(error)).not.toContain('hunter2');
    },
  );
});
