import { execFile } from 'node:child_process';
import { connect, createServer, type AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Installation } from '../support/installation.js';
import type { Service } from '../support/service.js';

const run = promisify(execFile);
const CLIENT = fileURLToPath(new URL('JavaClient.java', import.meta.url));
const REQUESTS = 300;

/** Since version 26 Node ends the connection of a request with a body that offers another protocol. */
const closesAfterBodies = Number.parseInt(process.versions.node, 10) >= 26;
const hasJava = await run('java', ['-version']).then(
  () => true,
  () => false,
);

(hasJava && !closesAfterBodies ? describe : describe.skip)(
  "Java's HttpClient, which offers h2c with every request",
  () => {
    let service: Service;
    let connections = 0;
    /** Counts connections on their way to the service. */
    const relay = createServer((incoming) => {
      connections += 1;
      const outgoing = connect(Number(new URL(service.url).port), '127.0.0.1');
      incoming.on('error', () => outgoing.destroy()).pipe(outgoing);
      outgoing.on('error', () => incoming.destroy()).pipe(incoming);
    });

    beforeAll(async () => {
      service = await (await Installation.create('sqlite')).start();
      await new Promise<void>((resolve) => relay.listen(0, '127.0.0.1', resolve));
    });

    afterAll(() => {
      relay.close();
    });

    it('keeps its one connection', async () => {
      const url = `http://127.0.0.1:${(relay.address() as AddressInfo).port}`;
      const { stdout } = await run('java', [CLIENT, url, service.firstKey, String(REQUESTS)]);
      expect(stdout.trim()).toBe(`${REQUESTS} answers`);
      expect(connections).toBe(1);
    });
  },
);
