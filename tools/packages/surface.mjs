// Compares the public surface of the packages, as they were built last, with the reports in `surface/` of each library, so
// that a review shows every change of it. `--write` writes the reports (`npm run surface`). Errors are also: a name that
// an exported one needs and no entry exports, an export without a doc comment, and a malformed doc comment.
import { CompilerState, Extractor, ExtractorConfig } from '@microsoft/api-extractor';
import { mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { libraries } from './pack.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));
const { write } = parseArgs({ options: { write: { type: 'boolean', default: false } } }).values;

/** Made by NestJS's ConfigurableModuleBuilder for one module, and useful to nobody else. */
const MADE_BY_NESTJS = ['ConfigurableModuleClass', 'OPTIONS_TYPE', 'ASYNC_OPTIONS_TYPE'];
/** Generated from the API's description, and so are its comments. */
const SCHEMA = 'libs/identity/client/dist/schema.d.ts';

const entries = (await libraries()).flatMap(entriesOf);
// One program for all entries: a third of the time.
const compilerState = CompilerState.create(configOf(entries[0]), {
  additionalEntryPoints: entries.map(({ types }) => types),
});
const checker = compilerState.program.getTypeChecker();
const exportsOf = ({ types }) => {
  const module = checker.getSymbolAtLocation(compilerState.program.getSourceFile(types));
  return checker.getExportsOfModule(module).map(({ name }) => name);
};

const problems = [...entries.flatMap(problemsOf), ...leftovers()];
for (const problem of problems) console.error(problem);
if (problems.length > 0) process.exitCode = 1;

function entriesOf(folder) {
  const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  return Object.entries(manifest.exports)
    .filter(([, target]) => typeof target === 'object')
    .map(([entry, { types }]) => {
      const report = `${entry === '.' ? 'index' : entry.slice('./'.length)}.api.md`;
      return { folder, types: join(folder, types), report };
    });
}

function configOf({ folder, types, report }) {
  return ExtractorConfig.prepare({
    configObjectFullPath: undefined,
    packageJsonFullPath: join(folder, 'package.json'),
    configObject: {
      projectFolder: folder,
      mainEntryPointFilePath: types,
      newlineKind: 'lf',
      compiler: {
        overrideTsconfig: {
          extends: join(root, 'tsconfig.base.json'),
          // Declarations as they are published, not the sources that this workspace resolves to.
          compilerOptions: { customConditions: [] },
          files: [types],
        },
      },
      apiReport: {
        enabled: true,
        reportFileName: report,
        reportFolder: join(folder, 'surface'),
        reportTempFolder: join(root, 'node_modules/.cache/surface', relative(root, folder)),
      },
      docModel: { enabled: false },
      dtsRollup: { enabled: false },
      tsdocMetadata: { enabled: false },
      messages: {
        compilerMessageReporting: { default: { logLevel: 'error' } },
        tsdocMessageReporting: { default: { logLevel: 'error' } },
        extractorMessageReporting: {
          default: { logLevel: 'error' },
          // What an entry exports is public.
          'ae-missing-release-tag': { logLevel: 'none' },
        },
      },
    },
  });
}

function problemsOf(entry) {
  const exported = new Set(exportsOf(entry));
  const ofPackage = new Set(entries.filter(({ folder }) => folder === entry.folder).flatMap(exportsOf));
  const isProblem = ({ messageId, text, sourceFilePath = '' }) => {
    if (sourceFilePath.endsWith(SCHEMA)) return false;
    const name = /"(.+?)(?:_\d+)?"/.exec(text)?.[1];
    if (messageId === 'ae-forgotten-export') return !ofPackage.has(name) && !MADE_BY_NESTJS.includes(name);
    if (messageId === 'ae-undocumented') return exported.has(name);
    return true;
  };
  const found = [];
  mkdirSync(join(entry.folder, 'surface'), { recursive: true });
  Extractor.invoke(configOf(entry), {
    compilerState,
    localBuild: write,
    printApiReportDiff: !write,
    messageCallback(message) {
      message.handled = true;
      const { logLevel, messageId, text, sourceFilePath = entry.types, sourceFileLine = 1 } = message;
      if (messageId === 'console-api-report-diff') found.push(text);
      else if (messageId === 'console-api-report-not-copied')
        found.push(`${nameOf(entry)}: write it by npm run surface`);
      else if (logLevel === 'error' && isProblem(message)) {
        found.push(`${relative(root, sourceFilePath)}:${sourceFileLine} ${text} (${messageId})`);
      }
    },
  });
  return found;
}

/** Reports of entries that are gone. */
function leftovers() {
  const reports = new Set(entries.map(nameOf));
  const folders = [...new Set(entries.map(({ folder }) => folder))];
  const files = folders.flatMap((folder) =>
    readdirSync(join(folder, 'surface')).map((report) => nameOf({ folder, report })),
  );
  const left = files.filter((file) => !reports.has(file));
  if (write) for (const file of left) rmSync(join(root, file));
  return write ? [] : left.map((file) => `${file}: no package has this entry; delete it by npm run surface`);
}

function nameOf({ folder, report }) {
  return relative(root, join(folder, 'surface', report));
}
