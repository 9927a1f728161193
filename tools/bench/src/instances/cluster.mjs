import { openSync } from 'node:fs';
import { join } from 'node:path';
import { ServiceProcess } from '../process/service-process.mjs';
import { DatabaseProxy } from './database-proxy.mjs';
import { StaleCache } from './stale-cache.mjs';

/** One instance of the service with its own way to the database. */
class Instance {
  /** Called when clients can reach it, with the port, and with null when they no longer can. */
  onReachable = () => undefined;
  /** How often it ended by itself. */
  crashes = 0;
  #ending = false;

  constructor(proxy, service) {
    this.proxy = proxy;
    this.service = service;
  }

  /** Where clients reach it. */
  get port() {
    return this.cache?.port ?? this.service.port;
  }

  signal(name) {
    this.service.signal(name);
  }

  async start() {
    await this.service.launch();
    this.#ending = false;
    await this.onReachable(this.port);
  }

  async end(signal) {
    this.#ending = true;
    await this.service.stop(signal);
    await this.onReachable(null);
  }

  /** Starts it again if it has ended without having been told to. */
  async revive() {
    if (this.#ending || this.service.isAlive) return;
    this.crashes += 1;
    await this.onReachable(null);
    await this.start();
  }
}

/**
 * Runs `work` with so many instances on one database, which must have our tables.
 *
 * @param settingsOf - the settings of the instance with this number
 * @param folder - where the logs go, from `warn` up
 * @param stale - puts a cache before the first instance, as a fault that must be found
 */
export async function withCluster({ url, count, settingsOf, folder, stale = false }, work) {
  const instances = [];
  try {
    for (let number = 0; number < count; number += 1) {
      const proxy = await DatabaseProxy.open(url);
      const log = openSync(join(folder, `instance-${number}.log`), 'a');
      const extra = { LOG_LEVEL: 'warn', LOG_FORMAT: 'json', ...settingsOf(number) };
      instances.push(new Instance(proxy, new ServiceProcess(proxy.url, extra, log)));
    }
    if (stale) instances[0].cache = await StaleCache.open(() => instances[0].service.port);
    await Promise.all(instances.map((instance) => instance.start()));
    return await work(instances);
  } finally {
    for (const instance of instances) {
      instance.signal('SIGCONT');
      await instance.end('SIGKILL');
      await instance.proxy.close();
      instance.cache?.close();
    }
  }
}
