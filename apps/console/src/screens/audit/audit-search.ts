import { present, text, type Raw } from '../../search-params.js';

/** What the audit trail is narrowed to. */
export interface AuditSearch {
  readonly key?: string;
  readonly actor?: string;
  readonly type?: string;
  readonly since?: string;
  readonly until?: string;
}

/** Reads the parameters of the audit trail. */
export function auditSearch(search: Raw): AuditSearch {
  return present({
    key: text(search['key']),
    actor: text(search['actor']),
    type: text(search['type']),
    since: text(search['since']),
    until: text(search['until']),
  });
}
