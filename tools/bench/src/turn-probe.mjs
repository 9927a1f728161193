// Loaded into the service by --import: from one SIGUSR2 to the next it measures each turn of the event loop in milliseconds,
// and the CPU time of the process in it, and then writes both to the file in TURNS_FILE.
import { writeFileSync } from 'node:fs';

let turns = null;
let last = 0;
let lastCpu = 0;

process.on('SIGUSR2', () => {
  if (turns === null) {
    turns = [];
    last = performance.now();
    lastCpu = cpuNow();
    setImmediate(next);
  } else {
    writeFileSync(process.env.TURNS_FILE, JSON.stringify(turns));
    turns = null;
  }
});

function next() {
  if (turns === null) return;
  const now = performance.now();
  // Turns in which nothing happened would be millions.
  const cpu = cpuNow();
  if (now - last > 0.2) turns.push({ took: now - last, cpu: cpu - lastCpu });
  last = now;
  lastCpu = cpu;
  setImmediate(next);
}

function cpuNow() {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}
