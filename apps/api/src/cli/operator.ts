import { userInfo } from 'node:os';
import { type Actor, OPERATOR, operatorNamed } from '@feather-identity/core';

/** Who runs this command, for the audit log: the operating system's user, and behind `sudo` also who called it. */
export function operator(): Actor {
  const sudo = process.env['SUDO_USER'] ?? '';
  const user = systemUser();
  if (user === null) return OPERATOR;
  return operatorNamed(sudo === '' ? user : `${user} (sudo by ${sudo})`);
}

/** Null in a container whose user has a number and no name. */
function systemUser(): string | null {
  try {
    return userInfo().username;
  } catch {
    return null;
  }
}
