import { userInfo } from 'node:os';
import { type Actor, operatorNamed } from '@feather-identity/core';

/** Who runs this command, for the audit log: the operating system's user, and behind `sudo` also who called it. */
export function operator(): Actor {
  const sudo = process.env['SUDO_USER'] ?? '';
  const user = systemUser();
  return operatorNamed(sudo === '' ? user : `${user} (sudo: ${sudo})`);
}

function systemUser(): string {
  try {
    return userInfo().username;
  } catch {
    // In a container the user may have a number and no name.
    return `uid ${process.getuid?.() ?? '?'}`;
  }
}
