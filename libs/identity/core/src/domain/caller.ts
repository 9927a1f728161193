import type { ApiKey } from './api-key.js';
import type { Member } from './member.js';
import type { Organization } from './organization.js';

/** What authentication yields: who is calling, for which organization, with which key. */
export interface Caller {
  readonly organization: Organization;
  readonly member: Member;
  readonly apiKey: ApiKey;
}
