import { loadavg } from 'node:os';
import { Databases } from './databases/databases.mjs';
import { progress } from './report/progress.mjs';
import { writeResults } from './report/results.mjs';
import { boundsSuite } from './suites/bounds.mjs';
import { failoverSuite } from './suites/failover.mjs';
import { fairnessSuite } from './suites/fairness.mjs';
import { flushSuite } from './suites/flush.mjs';
import { growthSuite } from './suites/growth.mjs';
import { importSuite } from './suites/import.mjs';
import { instancesSuite } from './suites/instances.mjs';
import { loadSuite } from './suites/load.mjs';
import { mintSuite } from './suites/mint.mjs';
import { profileSuite } from './suites/profile.mjs';
import { regionsSuite } from './suites/regions.mjs';
import { timingSuite } from './suites/timing.mjs';
import { verifySuite } from './suites/verify.mjs';

const SUITES = {
  verify: verifySuite,
  bounds: boundsSuite,
  mint: mintSuite,
  load: loadSuite,
  fairness: fairnessSuite,
  timing: timingSuite,
  profile: profileSuite,
  import: importSuite,
  flush: flushSuite,
  failover: failoverSuite,
  growth: growthSuite,
  regions: regionsSuite,
  instances: instancesSuite,
};

const CALM = 1;

/** Runs the suites one after the other and prints the table of each. */
export async function runSuites(options) {
  const databases = new Databases(options.otherCores);
  progress(`seed ${options.seed}; server and load generator on core ${options.core}`);
  warnOfOthers();
  try {
    for (const name of options.suites) {
      const suite = SUITES[name];
      if (suite === undefined) throw new Error(`There is no suite "${name}".`);
      const { text, figures } = await suite(options, databases);
      process.stdout.write(`${text}\n`);
      writeResults(name, options, figures);
    }
  } finally {
    await databases.stop();
  }
}

/** CPU time grows too where others use the caches: seen here, twice the time for the same request. */
function warnOfOthers() {
  const [load] = loadavg();
  if (load > CALM) progress(`!!! THE MACHINE IS BUSY (load ${load.toFixed(1)}): the figures below are too high. !!!`);
}
