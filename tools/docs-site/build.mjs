// Builds the documentation as a site into tools/docs-site/dist: `npm run docs`. It fails for a dead link or anchor, a
// block of commands that does not say whether it is run, and for anything that the reference lacks.
import { cpSync, rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { build } from 'vitepress';
import { missingFromReference } from './src/reference-checks.mjs';
import { stagePages } from './src/stage-pages.mjs';

const site = fileURLToPath(new URL('.', import.meta.url));
const workspace = fileURLToPath(new URL('../..', import.meta.url));

const problems = [...(await stagePages(workspace, `${site}pages`)), ...missingFromReference(workspace)];
if (problems.length > 0) {
  console.error(problems.join('\n'));
  process.exit(1);
}
rmSync(`${site}dist`, { recursive: true, force: true });
await build(site);
cpSync(`${workspace}docs/openapi.json`, `${site}dist/openapi.json`);
