import { progress } from '../report/progress.mjs';
import { coldStart, firstUses, lostPepper } from './load-cold.mjs';
import { floods, throttledFloods } from './load-floods.mjs';
import { forgedKeysMemory, idleService } from './load-memory.mjs';

const PARTS = {
  floods,
  'throttled floods': throttledFloods,
  restart: coldStart,
  'first uses': firstUses,
  'lost pepper': lostPepper,
  memory: forgedKeysMemory,
  idle: idleService,
};

/** What valid traffic notices of floods and restarts, and what the service weighs. */
export async function loadSuite(options, databases) {
  const texts = [];
  const figures = {};
  for (const [name, part] of Object.entries(PARTS)) {
    if (options.only !== undefined && !options.only.includes(name)) continue;
    for (const database of options.loaded) {
      progress(`load: ${name} on ${database}`);
      const { text, ...rest } = await part(database, options, databases);
      texts.push(text);
      figures[`${name}, ${database}`] = rest;
    }
  }
  return { text: texts.join('\n\n'), figures };
}
