import { describe, expect, it } from '@jest/globals';
import { DatabaseUrlError, parseDatabaseUrl } from './database-url.js';

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

  it.each(['read-write', 'primary'])('may ask for target_session_attrs=%s, which is looked at anyway', (target) => {
    const url = `postgres://u@h/d?target_session_attrs=${target}&application_name=keys`;
    expect(parseDatabaseUrl(url)).toEqual({ type: 'postgres', url });
  });

  it.each([
    ['?target_session_attrs=prefer-standby', 'target_session_attrs=read-write or primary'],
    ['?target_session_attrs=any&target_session_attrs=primary', 'target_session_attrs'],
    ['?connect_timeout=10', 'the parameter connect_timeout'],
    ['?channel_binding=require', 'the parameter channel_binding'],
    ['?sslmode=require&statement_timeout=0', 'the parameter statement_timeout'],
    ['?host=a,b', 'several hosts'],
    ['?host=other', 'several hosts'],
  ])('with %s is refused by name: node-postgres would ignore it, or what this service sets (B2)', (query, told) => {
    const parse = () => parseDatabaseUrl(`postgres://u:p@h/d${query}`);
    expect(parse).toThrow(DatabaseUrlError);
    expect(parse).toThrow(told);
  });

  it.each([
    ['sqlite://./data/x.db', /^has slashes .*: write sqlite:\.\/data/],
    ['sqlite:///data/x.db', /^has slashes /],
    ['sqlite:file:data/x.db', /^has file: /],
    ['sqlite:./data/x.db?mode=ro', /^has a \?, but /],
    ['sqlite:~/x.db', /^has a ~, /],
    ['postgres://u:50%off@h/d', /^has a % in its password that encodes nothing: write %25/],
    ['postgres://50%@h/d', /% in its user /],
    ['postgres://u:p@h/50%', /% in its database /],
  ])('that would lead elsewhere is refused with what to write: %s', (text, told) => {
    expect(() => parseDatabaseUrl(text)).toThrow(DatabaseUrlError);
    expect(() => parseDatabaseUrl(text)).toThrow(told);
  });

  it('keeps its percent-encoded password', () => {
    const url = 'postgres://u:50%25@h/d';
    expect(parseDatabaseUrl(url)).toEqual({ type: 'postgres', url });
  });

  it.each(['a,b', 'a:5432,b:5432', '[::1]:5432,b', ','])(
    'of several hosts (%s) is refused with what to name',
    (hosts) => {
      for (const query of ['', '?target_session_attrs=read-write']) {
        const parse = () => parseDatabaseUrl(`postgresql://u:p@${hosts}/d${query}`);
        expect(parse).toThrow(DatabaseUrlError);
        expect(parse).toThrow(/^names several hosts.* such as HAProxy/);
      }
    },
  );

  it('may have a comma in its password', () => {
    const url = 'postgres://u:p,q@h/d';
    expect(parseDatabaseUrl(url)).toEqual({ type: 'postgres', url });
  });

  it('that is cut in two by its password is refused without it', () => {
    expect(() => parseDatabaseUrl('postgres://u:1?hunter2@h/d')).toThrow(/^has a parameter that/);
  });
});
