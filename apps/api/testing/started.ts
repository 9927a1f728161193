import { bootstrap, configuredKey } from '../src/bootstrap/bootstrap.js';
import type { Environment } from '../src/environment/environment.js';
import { startIdentity } from '../src/services/identity.js';
import { type LogLine, MemoryLog } from './memory-log.js';

/** What a start left: the lines it printed, the log, and the keys that are stored. */
export interface Start {
  readonly printed: readonly string[];
  readonly log: readonly LogLine[];
  readonly logText: string;
  readonly keys: readonly Readonly<Record<string, unknown>>[];
}

/** Does what a start of the service does up to its first key, and closes the database again. */
export async function start(env: Environment): Promise<Start> {
  const configured = await configuredKey(env);
  const { identity } = await startIdentity(env);
  const printed: string[] = [];
  const log = new MemoryLog();
  try {
    await bootstrap(env, configured, identity, log.logger, async (line) => void printed.push(line.trimEnd()));
    const keys = await identity.dataSource.query<Readonly<Record<string, unknown>>[]>(
      'SELECT k.key_prefix, k.name, k.revoked_at, o.name AS organization, o.id AS organization_id ' +
        'FROM api_keys k JOIN organizations o ON o.id = k.organization_id ORDER BY k.created_at, k.id',
    );
    return { printed, log: log.lines, logText: log.text, keys };
  } finally {
    await identity.dataSource.destroy();
  }
}
