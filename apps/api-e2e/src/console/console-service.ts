import type { Settings } from '../support/child.js';
import type { DatabaseType } from '../support/database.js';
import { Installation } from '../support/installation.js';
import type { Service } from '../support/service.js';

const LINK = /^Console \(.+\): (\S+)$/m;

/** A service with a console, a database and a first key. */
export interface ConsoleService {
  readonly installation: Installation;
  readonly service: Service;
  /** Where browsers see it: `localhost` is safe enough for a cookie. */
  readonly origin: string;
}

/** Starts a service whose counts are in the database after a second. */
export async function startConsole(type: DatabaseType, settings: Settings = {}): Promise<ConsoleService> {
  const installation = await Installation.create(type);
  const service = await installation.start({ LAST_USED_FLUSH_SECONDS: '1', ...settings });
  return { installation, service, origin: service.url.replace('127.0.0.1', 'localhost') };
}

/** The link that the first start prints, beside the first key. */
export async function printedLink(service: Service): Promise<string> {
  return (await service.loggedLine(LINK)).replace(LINK, '$1');
}
