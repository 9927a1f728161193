// All specs of this library in one file, for `npm run test:unit`: Jest prepares a context for each file and loads every
// module anew there, which takes longer than these specs.
const { readdirSync } = require('node:fs');
const { join } = require('node:path');
const { describe } = require('@jest/globals');

const folder = join(__dirname, 'src');
const specs = readdirSync(folder, { recursive: true }).filter((name) => name.endsWith('.spec.ts'));

// In a `describe` of its own, what a spec does before each test it does before each of its own tests.
for (const spec of specs.sort()) describe(spec, () => void require(join(folder, spec)));
