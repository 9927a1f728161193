import { describe, expect, it } from '@jest/globals';
import { parseDatabaseUrl } from './database-url.js';

describe('a database URL', () => {
  it.each([
    ['sqlite:./data/identity.db', { type: 'sqlite', path: './data/identity.db' }],
    ['sqlite:/var/lib/identity.db', { type: 'sqlite', path: '/var/lib/identity.db' }],
    ['postgres://u:p@host/db', { type: 'postgres', url: 'postgres://u:p@host/db' }],
    [
      'postgresql://host:5433/db?sslmode=require',
      { type: 'postgres', url: 'postgresql://host:5433/db?sslmode=require' },
    ],
  ])('%s is read', (text, location) => {
    expect(parseDatabaseUrl(text)).toEqual(location);
  });

  it.each([
    '',
    'sqlite:',
    'sqlite::memory:',
    'postgres:',
    'postgres://',
    'mysql://host/db',
    './data/identity.db',
    'postgres://[x',
  ])('%j is none', (text) => {
    expect(parseDatabaseUrl(text)).toBeNull();
  });
});
