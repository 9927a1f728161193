import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, rename, rm, stat } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Packages of hundreds of small files, which Jest reads, compiles and links anew for every spec file. */
const PACKAGES = [
  '@nestjs/common',
  '@nestjs/core',
  '@nestjs/platform-express',
  '@nestjs/platform-fastify',
  '@nestjs/swagger',
  '@nestjs/testing',
  '@nestjs/throttler',
  'class-validator',
  'fastify',
  'rxjs',
  'typeorm',
];

/** What NestJS loads only where it is installed. */
const OPTIONAL = [
  '@fastify/multipart',
  '@fastify/static',
  '@fastify/view',
  '@nestjs/microservices',
  '@nestjs/websockets',
  'class-transformer',
];

/** Decorators need the first, whatever order the parts get; CommonJS inside asks for Node's own modules. */
const BANNER = `import 'reflect-metadata';
import { createRequire as createRequireOfBundle } from 'node:module';
const require = createRequireOfBundle(import.meta.url);`;

const DAY_MS = 86_400_000;

const require = createRequire(import.meta.url);
const root = fileURLToPath(new URL('../..', import.meta.url));
const cache = join(root, 'node_modules/.cache/test-bundles');
/** Made of what is installed, for this Node, by what stands here: another folder when one of them changes. */
const state = createHash('sha256')
  .update(readFileSync(join(root, 'node_modules/.package-lock.json')))
  .update(process.version)
  .update(readFileSync(fileURLToPath(import.meta.url)));
const stateName = state.digest('hex').slice(0, 16);
const folder = join(cache, stateName);

const fileName = (name) => name.replace('/', '-');

/** For Jest's `moduleNameMapper`: the packages, to the file that `bundlePackages` makes of each. */
export const bundledPackages = Object.fromEntries(
  PACKAGES.map((name) => [`^${name}$`, join(folder, `${fileName(name)}.mjs`)]),
);

/** Makes one file of each package, unless it is there. What they share, one instance of each class, they go on sharing. */
export async function bundlePackages() {
  if (existsSync(folder)) return;
  const { build } = await import('esbuild');
  await mkdir(cache, { recursive: true });
  const unfinished = await mkdtemp(join(cache, 'unfinished-'));
  try {
    await build({
      entryPoints: Object.fromEntries(PACKAGES.map((name) => [fileName(name), `entry:${name}`])),
      outdir: unfinished,
      outExtension: { '.js': '.mjs' },
      bundle: true,
      splitting: true,
      format: 'esm',
      platform: 'node',
      target: `node${process.versions.node}`,
      external: ['reflect-metadata', ...OPTIONAL.flatMap((name) => [name, `${name}/*`])],
      banner: { js: BANNER },
      plugins: [entries],
      logLevel: 'error',
    });
    await rename(unfinished, folder);
  } catch (error) {
    await rm(unfinished, { recursive: true });
    // Another run may have been faster.
    if (!existsSync(folder)) throw error;
  }
  await removeOthers();
}

/** Those of other states. One of today may be read, or written, by a run that began before packages were installed. */
async function removeOthers() {
  for (const each of await readdir(cache)) {
    const path = join(cache, each);
    const isOld = Date.now() - (await stat(path)).mtimeMs > DAY_MS;
    if (isOld && each !== stateName) await rm(path, { recursive: true, force: true });
  }
}

/** Exports what Node would: of an ES module its names, of CommonJS the keys of what it exports. */
const entries = {
  name: 'entries',
  setup(build) {
    build.onResolve({ filter: /^entry:/ }, ({ path }) => ({ path: path.slice('entry:'.length), namespace: 'entry' }));
    build.onLoad({ filter: /.*/, namespace: 'entry' }, ({ path }) => {
      // Not by `require`: not every package exports its manifest.
      const { type } = JSON.parse(readFileSync(join(root, 'node_modules', path, 'package.json'), 'utf8'));
      const exported = type === 'module' ? '*' : `{ ${namesOf(path).join(', ')} }`;
      return { contents: `export ${exported} from '${path}';`, resolveDir: root };
    });
  },
};

function namesOf(name) {
  const exported = require(name);
  const names = Object.keys(exported).filter((key) => /^[A-Za-z]\w*$/.test(key) && key !== 'default');
  return exported.__esModule ? names : ['default', ...names];
}
