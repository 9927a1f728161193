import { once } from 'node:events';
import { connect } from 'node:net';
import { afterEach, describe, expect, it } from '@jest/globals';
import { emptyDatabase } from '../testing/databases.js';
import { environment } from '../testing/environment.js';
import { type Service, startServiceIn } from '../testing/service.js';

const REQUEST = 'GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n';

describe('a connection without requests', () => {
  let service: Service;

  const start = async (variables: Readonly<Record<string, string>>) => {
    const DATABASE_URL = await emptyDatabase('sqlite', process.env);
    service = await startServiceIn(environment({ DATABASE_URL, ...variables }));
    const socket = connect(service.port, '127.0.0.1');
    socket.write(REQUEST);
    const [answer] = (await once(socket, 'data')) as [Buffer];
    return { socket, answer: answer.toString('latin1') };
  };
  afterEach(() => service.close());

  it('stays open for KEEP_ALIVE_SECONDS after its last answer', async () => {
    const { socket, answer } = await start({ KEEP_ALIVE_SECONDS: '1' });
    const answered = performance.now();
    expect(answer).toMatch(/\r\nkeep-alive: timeout=1\r\n/i);
    await once(socket, 'close');
    expect(performance.now() - answered).toBeGreaterThan(900);
  });

  it.each([
    [{}, 65],
    [{ KEEP_ALIVE_SECONDS: '620' }, 620],
  ])('is ended by nothing before that: %j', async (variables, seconds) => {
    const { socket, answer } = await start(variables);
    expect(answer).toContain(`timeout=${seconds}\r\n`);
    const { timeout } = service.app.getHttpServer();
    expect(timeout).toBeGreaterThan(seconds * 1000);
    socket.destroy();
  });
});
