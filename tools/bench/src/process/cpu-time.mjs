import { readFileSync } from 'node:fs';

/** The system counts in hundredths of a second. */
const TICK_US = 10_000;

/** CPU time of a process, user and system, in microseconds as the system counts it. Null where there is no /proc. */
export function systemCpuTime(pid) {
  try {
    // The name in parentheses may hold spaces: count the fields behind it.
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1].split(' ');
    return (Number(fields[11]) + Number(fields[12])) * TICK_US;
  } catch {
    return null;
  }
}

/** Memory of a process that is resident now, in MB. */
export function residentMegabytes(pid) {
  const [, kilobytes] = /VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'));
  return Number(kilobytes) / 1024;
}

/** A sentence where the two ways to count disagree by more than their grain explains, else null. */
export function disagreement(ownUs, systemUs) {
  if (systemUs === null) return null;
  const apart = Math.abs(ownUs - systemUs);
  if (apart <= 3 * TICK_US + 0.05 * systemUs) return null;
  return `process.cpuUsage says ${Math.round(ownUs / 1000)} ms, /proc says ${Math.round(systemUs / 1000)} ms`;
}
