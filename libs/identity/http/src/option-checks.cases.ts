import type { DynamicModule } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { describe, expect, it } from '@jest/globals';
import { startHost } from '../testing/host.js';
import { IdentityClientModule, IdentityModule, type IdentityModuleOptions } from './index.js';

const SERVICE = { baseUrl: 'http://127.0.0.1:9', apiKey: 'none' };

/** Options of a program whose types nobody checked. */
const MISTAKES = [
  [{ maxKeyPerOrganization: 5 }, 'IdentityModule has no option maxKeyPerOrganization. It has apiKeys, '],
  [{ requestsPerMinute: Number.NaN }, 'IdentityModule: requestsPerMinute takes a whole number from 1.'],
  [{ failuresPerMinute: 0 }, 'IdentityModule: failuresPerMinute takes a whole number from 1.'],
  [{ maxKeysPerOrganization: '5' }, 'maxKeysPerOrganization must be a whole number from 1.'],
  [{ maxKeysPerOrganization: null }, 'maxKeysPerOrganization must be a whole number from 1.'],
  [{ flushSeconds: Number.NaN }, 'flushSeconds takes a number of seconds above 0, at most 3600.'],
  [{ publicUrl: 'api.test' }, 'IdentityModule: publicUrl takes an http or https URL.'],
  [{ publicUrl: 'mailto:api@api.test' }, 'IdentityModule: publicUrl takes an http or https URL.'],
  [{ acceptBearer: 'false' }, 'IdentityModule: acceptBearer takes true or false.'],
  [{ keyHeader: 'Authorization' }, 'IdentityModule: keyHeader takes the name of a header, but none of authorization, '],
  [{ keyHeader: 'x-key"\r\n' }, 'IdentityModule: keyHeader takes the name of a header'],
  [{ readKey: 'x-key' }, 'IdentityModule: readKey takes a function.'],
  [{ readKey: () => undefined, acceptBearer: true }, 'IdentityModule: readKey reads the key itself'],
  [{ flushSeconds: 3601 }, 'flushSeconds takes a number of seconds above 0, at most 3600.'],
] as const;

const WAYS = [
  ['forRoot', (options: IdentityModuleOptions) => IdentityModule.forRoot(options)],
  [
    'forRootAsync',
    (options: IdentityModuleOptions) =>
      IdentityModule.forRootAsync({ useFactory: () => Promise.resolve().then(() => options) }),
  ],
] as const;

describe.each(WAYS)('options that %s does not understand', (_way, importIdentity) => {
  it.each(MISTAKES)('stop the start: %j', async (mistake, message) => {
    const identity = mistake as unknown as Partial<IdentityModuleOptions>;
    const started = startHost({ identity, importIdentity });
    started.then(
      ({ app }) => app.close(),
      () => undefined,
    );
    await expect(started).rejects.toThrow(message);
  });

  it('are not what `createTypeOrmIdentity` makes beside them', async () => {
    const identity = { createOrganization: {}, importApiKeys: {} } as Partial<IdentityModuleOptions>;
    const { app } = await startHost({ identity, importIdentity });
    await app.close();
  });
});

describe('options that IdentityClientModule does not understand', () => {
  const start = (module: DynamicModule) => NestFactory.create(module, { logger: false, abortOnError: false });

  it.each([
    [{ maxStalenesSeconds: 0 }, 'IdentityClientModule has no option maxStalenesSeconds. It has baseUrl, '],
    [{ acceptBearer: 'on' as never }, 'IdentityClientModule: acceptBearer takes true or false.'],
    [{ requestsPerMinute: Number.NaN }, 'IdentityClientModule: requestsPerMinute takes a whole number from 1.'],
  ])('stop the start: %j', async (mistake, message) => {
    await expect(start(IdentityClientModule.forRoot({ ...SERVICE, ...mistake }))).rejects.toThrow(message);
    const useFactory = () => ({ ...SERVICE, ...mistake });
    await expect(start(IdentityClientModule.forRootAsync({ useFactory }))).rejects.toThrow(message);
  });
});
