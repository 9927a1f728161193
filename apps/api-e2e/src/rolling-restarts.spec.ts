import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, expect, it } from '@jest/globals';
import { freePort, Nginx } from './gateway/nginx.js';
import { Installation } from './support/installation.js';
import type { Service } from './support/service.js';

/** Requests failed in three of four stops before the service left its load balancer first (ADR 27). */
const STOPS = 8;
const LANES = 8;
const GRACE_SECONDS = 1;
/** With the grace, longer than nginx takes to try a restarted instance again: it counts its `fail_timeout` in whole seconds. */
const PAUSE_MS = 1500;
const itWithNginx = Nginx.isInstalled() ? it : it.skip;

let nginx: Nginx | undefined;

afterAll(() => nginx?.remove());

itWithNginx(
  'eight rolling stops of two instances behind the documented nginx fail none of the POST requests',
  async () => {
    const installation = await Installation.create('sqlite');
    const ports = [await freePort(), await freePort()];
    const start = (port: number) =>
      installation.start({
        PORT: String(port),
        SHUTDOWN_GRACE_SECONDS: String(GRACE_SECONDS),
        SECRET_HASHER: 'hmac-sha256',
        MAX_KEYS_PER_ORGANIZATION: '1000000',
        ORGANIZATION_RATE_LIMIT_PER_MINUTE: '0',
        TRUSTED_PROXIES: '127.0.0.1',
      });
    const services: Service[] = [];
    for (const port of ports) services.push(await start(port));
    const key = services[0]?.firstKey ?? '';
    const balancer = await Nginx.start('two-instances.conf', {
      '127.0.0.1:8001': `127.0.0.1:${ports[0]}`,
      '127.0.0.1:8002': `127.0.0.1:${ports[1]}`,
    });
    nginx = balancer;

    const statuses: unknown[] = [];
    let isRolling = true;
    const lane = async (): Promise<void> => {
      while (isRolling) {
        const sent = { method: 'POST', headers: { 'x-api-key': key }, body: { name: 'A key' } };
        statuses.push(await balancer.send('/v1/identity/api-keys', sent).then(({ status }) => status, String));
      }
    };
    const lanes = Array.from({ length: LANES }, lane);
    for (let stop = 0; stop < STOPS; stop += 1) {
      await sleep(PAUSE_MS);
      const index = stop % 2;
      expect(await services[index]?.stop()).toMatchObject({ status: 0, stderr: '' });
      services[index] = await start(ports[index] ?? 0);
    }
    isRolling = false;
    await Promise.all(lanes);
    expect(statuses.filter((status) => status !== 201)).toEqual([]);
    expect(statuses.length).toBeGreaterThan(STOPS * LANES);
  },
  600_000,
);
