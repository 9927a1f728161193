import { readUnawaitedStandbys } from '@feather-identity/infra';
import type { DataSource } from 'typeorm';

/** What an operator should know of a primary whose commits pass its synchronous standbys by; null if there is nothing. */
export async function unawaitedStandbys(dataSource: DataSource): Promise<string | null> {
  const standbys = await readUnawaitedStandbys(dataSource);
  if (standbys === null) return null;
  return (
    `synchronous_commit is local for this role and database, so that no commit waits for synchronous_standby_names ` +
    `(${standbys}): a fail-over may lose keys that were handed out, and revocations. Set synchronous_commit = on ` +
    '(docs/operating/postgresql.md)'
  );
}
