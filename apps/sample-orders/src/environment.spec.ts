import { describe, expect, it } from '@jest/globals';
import { readEnvironment } from './environment.js';

describe('the settings', () => {
  it('are all optional: keys and orders are in a file then', () => {
    expect(readEnvironment({})).toEqual({
      production: false,
      port: 3000,
      database: { type: 'sqlite', path: './data/sample-orders.db' },
      peppersFile: './data/sample-orders-peppers',
      sessionKey: expect.stringMatching(/^.{43}$/),
      identityService: null,
    });
  });

  it('name another place for orders, and a service that has the keys', () => {
    const given = {
      PORT: '0',
      DATABASE_URL: 'postgres://localhost/orders',
      IDENTITY_URL: 'http://localhost:8000',
      IDENTITY_API_KEY: 'fth_live_secret',
    };
    expect(readEnvironment(given)).toMatchObject({
      port: 0,
      database: { type: 'postgres', url: 'postgres://localhost/orders' },
      identityService: { baseUrl: 'http://localhost:8000', apiKey: 'fth_live_secret' },
    });
  });

  it('tell production', () => {
    const given = { NODE_ENV: 'production', SESSION_KEY: 'x'.repeat(32) };
    expect(readEnvironment(given)).toMatchObject({ production: true, sessionKey: given.SESSION_KEY });
  });

  it.each([
    ['NODE_ENV', { NODE_ENV: 'Secret' }],
    ['SESSION_KEY', { NODE_ENV: 'production' }],
    ['SESSION_KEY', { SESSION_KEY: 'short-secret' }],
    ['PORT', { PORT: '65536' }],
    ['PORT', { PORT: '80a' }],
    ['DATABASE_URL', { DATABASE_URL: 'mysql://user:secret@localhost/orders' }],
    ['IDENTITY_URL and IDENTITY_API_KEY', { IDENTITY_API_KEY: 'fth_live_secret' }],
    ['IDENTITY_URL and IDENTITY_API_KEY', { IDENTITY_URL: 'http://localhost:8000' }],
    ['IDENTITY_URL', { IDENTITY_URL: 'localhost:8000', IDENTITY_API_KEY: 'fth_live_secret' }],
  ])('are refused with the name of %s and without its value', (name, given: Record<string, string>) => {
    expect(() => readEnvironment(given)).toThrow(name);
    expect(() => readEnvironment(given)).not.toThrow(/secret|65536|80a|localhost/i);
  });
});
