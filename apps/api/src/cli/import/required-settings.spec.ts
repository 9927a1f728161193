import { describe, expect, it } from '@jest/globals';
import { RequiredSettings, settingOf } from './required-settings.js';

const DIGEST = 'A'.repeat(43);

const linesOf = (...keys: readonly (readonly [hash: string, lookup?: string])[]) => {
  const settings = new RequiredSettings();
  for (const [hash, lookup = hash] of keys) settings.add(settingOf({ hash, lookup }));
  return settings.lines();
};

describe('the settings that a service needs for keys', () => {
  it.each([
    [[`sha256:${DIGEST}`], ['IMPORTED_KEYS=sha256']],
    [[`hmac-sha256:old:${DIGEST}`], ['IMPORTED_KEYS=hmac-sha256', 'IMPORTED_KEY_PEPPERS=old:<base64url>']],
    [
      [`nestarc:v1:${DIGEST}`, 'prefix:acme_live_0xJRk2iDV5kD'],
      ['IMPORTED_KEYS=nestarc', 'IMPORTED_KEY_PEPPERS=v1:<base64url>'],
    ],
    [['$2b$10$hash', 'prefix:a:b:c:d:e'], ['IMPORTED_KEYS=prefix:9']],
    [['$argon2id$v=19$m=64,t=1,p=1$salt$hash', 'prefix:sk_live_'], ['IMPORTED_KEYS=prefix:8']],
  ] as const)('are told by their hashes: %j', (key, lines) => {
    expect(linesOf(key)).toEqual(lines);
  });

  it('are each told once', () => {
    const keys = [`sha256:${DIGEST}`, `sha256:${'B'.repeat(43)}`, `hmac-sha256:b:${DIGEST}`, `hmac-sha256:a:${DIGEST}`];
    expect(linesOf(...keys.map((hash) => [hash] as const), ['$2b$10$hash', 'prefix:sk_live_'])).toEqual([
      'IMPORTED_KEYS=hmac-sha256,prefix:8,sha256',
      'IMPORTED_KEY_PEPPERS=a:<base64url>,b:<base64url>',
    ]);
  });

  it('are none for no key', () => {
    expect(linesOf()).toEqual([]);
  });
});
