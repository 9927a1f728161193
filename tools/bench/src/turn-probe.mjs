// Loaded into the service by --import: from one SIGUSR2 to the next it measures each turn of the event loop in milliseconds,
// the CPU time of the process in it, and the garbage collections in it, and then writes all to the file in TURNS_FILE.
import { writeFileSync } from 'node:fs';
import { PerformanceObserver } from 'node:perf_hooks';

let turns = null;
let collections = [];
let last = 0;
let lastCpu = 0;

new PerformanceObserver((list) => collections.push(...list.getEntries())).observe({ entryTypes: ['gc'] });

process.on('SIGUSR2', () => {
  if (turns === null) {
    turns = [];
    collections = [];
    last = performance.now();
    lastCpu = cpuNow();
    setImmediate(next);
  } else {
    const measured = turns;
    turns = null;
    // The observer is told of the last collections a little later.
    setTimeout(() => writeFileSync(process.env.TURNS_FILE, JSON.stringify(measured.map(withCollections))), 20);
  }
});

function next() {
  if (turns === null) return;
  const now = performance.now();
  // Turns in which nothing happened would be millions.
  const cpu = cpuNow();
  if (now - last > 0.2) turns.push({ at: last, took: now - last, cpu: cpu - lastCpu });
  last = now;
  lastCpu = cpu;
  setImmediate(next);
}

function withCollections({ at, took, cpu }) {
  const inTurn = collections.filter(({ startTime }) => startTime >= at && startTime < at + took);
  return { took, cpu, collected: inTurn.reduce((sum, { duration }) => sum + duration, 0) };
}

function cpuNow() {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}
