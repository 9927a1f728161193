import type { Member } from './member.js';

/** Who changed something, and from which address, for the audit log. */
export interface Actor {
  /**
   * A key through the API, a member through the host application, the operator through the command line or a setting, or
   * the service by itself.
   */
  readonly type: 'api_key' | 'member' | 'operator' | 'system';
  /** The operating-system user name of the operator; null if unknown, and for other actors. */
  readonly name: string | null;
  readonly apiKeyId: string | null;
  readonly memberId: string | null;
  readonly requestId: string | null;
  /** IP address of the client. */
  readonly sourceAddress: string | null;
}

const MAX_NAME = 100;

/** What no database or terminal should get. */
const UNPRINTABLE = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu;

const NOBODY = { name: null, apiKeyId: null, memberId: null, requestId: null, sourceAddress: null };

/** The operator: a person with access to the command line or the settings of the service. */
export const OPERATOR: Actor = { ...NOBODY, type: 'operator' };

/**
 * The operator by name.
 *
 * @param name - of the operating system's user. Control characters are left out, and what comes after 100 characters; where
 * nothing is left, the operator has no name.
 */
export function operatorNamed(name: string): Actor {
  const shown = [...name.replace(UNPRINTABLE, '').trim()].slice(0, MAX_NAME).join('');
  return shown === '' ? OPERATOR : { ...OPERATOR, name: shown };
}

/** A user of the host application, as the member that stands for it. */
export function memberActor(
  { id: memberId }: Pick<Member, 'id'>,
  origin: Pick<Actor, 'requestId' | 'sourceAddress'>,
): Actor {
  return { ...NOBODY, type: 'member', memberId, ...origin };
}

/** The service itself, for instance when it applies a policy. */
export const SYSTEM: Actor = { ...NOBODY, type: 'system' };
