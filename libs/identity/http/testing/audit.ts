import type { Host } from './host.js';
import { send } from './requests.js';

export const AUDIT_EVENTS = '/v1/identity/audit-events';

/** An event as the API shows it. */
export interface ShownEvent {
  readonly id: string;
  readonly type: string;
  readonly occurred_at: string;
  readonly actor_type: string;
  readonly actor_name: string | null;
  readonly actor_api_key_id: string | null;
  readonly actor_user_id: string | null;
  readonly api_key_id: string | null;
  readonly key_prefix: string | null;
  readonly request_id: string | null;
  readonly source_address: string | null;
  readonly changes: Readonly<Record<string, unknown>>;
}

/** A page of events. */
export interface ShownPage {
  readonly items: readonly ShownEvent[];
  readonly has_more: boolean;
  readonly next_cursor: string | null;
}

/** A page of the log of the key's organization. */
export async function auditPage(host: Pick<Host, 'port'>, key: string, query = ''): Promise<ShownPage> {
  const { status, text, body } = await send(host, 'GET', `${AUDIT_EVENTS}${query}`, { key });
  if (status !== 200) throw new Error(`The audit log was not shown: ${text}`);
  return body as ShownPage;
}

/** What was recorded while `doing` was under way, oldest first. */
export async function recordedBy(
  host: Pick<Host, 'port'>,
  key: string,
  doing: () => Promise<unknown>,
): Promise<ShownEvent[]> {
  const before = new Set((await auditPage(host, key, '?limit=200')).items.map(({ id }) => id));
  await doing();
  const { items } = await auditPage(host, key, '?limit=200');
  return items.filter(({ id }) => !before.has(id)).reverse();
}
