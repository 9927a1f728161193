import { readdirSync, readFileSync } from 'node:fs';

/** A process and all that it has started, by their ids, parents first. */
export function familyOf(pid) {
  const children = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((candidate) => parentOf(candidate) === pid);
  return [pid, ...children.flatMap(familyOf)];
}

/** Sends a signal to processes, also to those that have ended meanwhile. */
export function signal(pids, name) {
  for (const pid of pids) {
    try {
      process.kill(pid, name);
    } catch (error) {
      if (error.code !== 'ESRCH') throw error;
    }
  }
}

function parentOf(pid) {
  try {
    // The name in parentheses may hold spaces: count the fields behind it.
    return Number(readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1].split(' ')[1]);
  } catch {
    return undefined;
  }
}
