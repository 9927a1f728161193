import { progress } from '../report/progress.mjs';
import { changesUnderFaults } from './instances-changes.mjs';
import { limitsOverInstances } from './instances-limits.mjs';
import { outagesOfTheDatabase } from './instances-outages.mjs';
import { revocationsASecond } from './instances-throughput.mjs';

const PARTS = {
  changes: changesUnderFaults,
  outages: outagesOfTheDatabase,
  throughput: revocationsASecond,
  limits: limitsOverInstances,
};

/**
 * Several instances on one PostgreSQL: whether a right that was taken away is still accepted anywhere, while processes
 * and networks fail; how long it takes to take one away; and how many requests limits admit.
 */
export async function instancesSuite(options, databases) {
  const texts = [];
  const figures = {};
  for (const [name, part] of Object.entries(PARTS)) {
    if (options.only !== undefined && !options.only.includes(name)) continue;
    progress(`instances: ${name}`);
    const { text, ...rest } = await part(options, databases);
    texts.push(text);
    figures[name] = rest;
  }
  return { text: texts.join('\n\n'), figures };
}
