import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { KeyGenerator, TokenFormat } from '@feather-identity/core';
import { NodeRandomSource } from '@feather-identity/infra';
import { DATABASES, emptyDatabase, temporaryFolder } from '../../testing/databases.js';
import { environment } from '../../testing/environment.js';
import { KEYS, secretPart, send, WHOAMI } from '../../testing/requests.js';
import { startServiceIn } from '../../testing/service.js';
import { start } from '../../testing/started.js';
import { EnvironmentError } from '../environment/environment-error.js';

const format = new TokenFormat('fth', 'live');
const newToken = () => new KeyGenerator(format, new NodeRandomSource()).generate().reveal();

describe.each(DATABASES)('BOOTSTRAP_API_KEY on %s', (type) => {
  let DATABASE_URL: string;
  let token: string;

  beforeEach(async () => {
    DATABASE_URL = await emptyDatabase(type, process.env);
    token = newToken();
  });

  /** The settings of production with the key, in the variable unless a file is given. */
  const settings = (more: Record<string, string> = {}) => {
    const chosen = 'BOOTSTRAP_API_KEY_FILE' in more ? {} : { BOOTSTRAP_API_KEY: token };
    return environment({ DATABASE_URL, NODE_ENV: 'production', ...chosen, ...more });
  };

  it('becomes the key of the first owner, at every start the same one, and is never printed', async () => {
    const starts = [
      await start(settings()),
      await start(settings()),
      await start(settings({ NODE_ENV: 'development' })),
    ];
    for (const { printed, keys, logText } of starts) {
      expect(printed).toEqual([]);
      expect(keys).toEqual([expect.objectContaining({ key_prefix: token.slice(0, 17), name: 'Owner key' })]);
      expect(logText).not.toContain(secretPart(token));
    }
    expect(starts.map(({ log }) => log.length)).toEqual([1, 0, 0]);
    const service = await startServiceIn(settings());
    expect((await send(service, 'GET', WHOAMI, { key: token })).status).toBe(200);
    await service.close();
  });

  it('is one key when several processes start at once', async () => {
    await start(environment({ DATABASE_URL, NODE_ENV: 'production' }));
    await Promise.all(Array.from({ length: 8 }, () => start(settings())));
    expect((await start(settings())).keys).toHaveLength(1);
  });

  it.each(['', '\n', '\r\n', ' \n\n'])('is read from a file that ends in %j', async (end) => {
    const path = join(temporaryFolder(), 'key');
    writeFileSync(path, `${token}${end}`);
    expect((await start(settings({ BOOTSTRAP_API_KEY_FILE: path }))).keys).toMatchObject([
      { key_prefix: token.slice(0, 17) },
    ]);
  });

  it('is added to the owner of the first organization when it is changed', async () => {
    const before = await start(settings());
    token = newToken();
    const { keys } = await start(settings());
    expect(keys).toHaveLength(2);
    expect(new Set(keys.map((key) => key['organization_id'])).size).toBe(1);
    expect(keys[0]).toEqual(before.keys[0]);
  });

  it('stays revoked once it is revoked, with a warning', async () => {
    await start(settings());
    const service = await startServiceIn(settings());
    const { body } = await send(service, 'GET', WHOAMI, { key: token });
    const { id } = (body as { api_key: { id: string } }).api_key;
    expect((await send(service, 'DELETE', `${KEYS}/${id}`, { key: token })).status).toBe(204);
    await service.close();
    const { keys, log, logText } = await start(settings());
    expect(log).toEqual([expect.objectContaining({ level: 40, msg: expect.stringContaining('revoked') })]);
    expect(logText).not.toContain(secretPart(token));
    expect(keys).toEqual([expect.objectContaining({ revoked_at: expect.anything() })]);
  });

  it.each([
    ['junk', () => 'hunter2'],
    ['a wrong checksum', () => `${token.slice(0, -1)}${token.endsWith('0') ? '1' : '0'}`],
    ['another environment', () => new TokenFormat('fth', 'test').compose('aaaaaaaa', 'b'.repeat(32)).reveal()],
    ['blanks around it', () => ` ${token}`],
  ])('stops the start when it is %s, and is not shown', async (_what, value) => {
    const error = await start(settings({ BOOTSTRAP_API_KEY: value() })).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(EnvironmentError);
    expect(String(error)).toContain('BOOTSTRAP_API_KEY: ');
    expect(String(error)).not.toContain(value().trim());
  });

  it('stops the start when another key has its public part', async () => {
    await start(settings());
    const { message } = (await start(
      settings({ BOOTSTRAP_API_KEY: format.compose(token.slice(9, 17), 'b'.repeat(32)).reveal() }),
    ).catch((thrown: unknown) => thrown)) as EnvironmentError;
    expect(message).toBe('BOOTSTRAP_API_KEY: Another key has the public part of the bootstrap key.');
  });

  it.each([
    ['is missing', 'BOOTSTRAP_API_KEY_FILE names a file that cannot be read', null],
    [
      'holds junk',
      'BOOTSTRAP_API_KEY_FILE: The bootstrap key is no well-formed token of this installation. Make one: feather token generate',
      'hunter2',
    ],
    [
      'is empty',
      'BOOTSTRAP_API_KEY_FILE: The bootstrap key is no well-formed token of this installation. Make one: feather token generate',
      '',
    ],
  ])('stops the start when its file %s', async (_what, line, content) => {
    const path = join(temporaryFolder(), 'key');
    if (content !== null) writeFileSync(path, content);
    await expect(start(settings({ BOOTSTRAP_API_KEY_FILE: path }))).rejects.toEqual(new EnvironmentError([line]));
  });
});
