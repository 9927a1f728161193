// Makes one file of each entry of an application and all that it imports: reading a thousand files is most of a start.
// Usage, in the folder of the project: node ../../tools/bundle.mjs ENTRY..., which makes dist/ENTRY.js of src/ENTRY.ts
import { transformFile } from '@swc/core';
import { build } from 'esbuild';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

const entries = process.argv.slice(2);
const swcrc = fileURLToPath(new URL('../.swcrc', import.meta.url));

/** Native code, found beside the file that loads it. */
const NATIVE = ['@node-rs/argon2', 'bcrypt', 'better-sqlite3', 'swagger-ui-dist'];

/** CommonJS inside asks for Node's own modules. */
const BANNER = `import { createRequire as createRequireOfBundle } from 'node:module';
const require = createRequireOfBundle(import.meta.url);`;

/**
 * Classes are renamed where modules meet; the log names NestJS's and ours. Not by `keepNames`: it names each function, too,
 * whenever one is made, which costs a verification a fifth.
 */
const withClassNames = (code) =>
  code.replace(
    /^.*\bclass (\w+)(?: extends .+)? \{$/gm,
    `$& static { Object.defineProperty(this, 'name', { value: '$1' }); }`,
  );

/** esbuild writes no metadata of decorated types, which NestJS reads. */
const swc = {
  name: 'swc',
  setup({ onLoad }) {
    onLoad({ filter: /\.ts$/ }, async ({ path }) => {
      const options = { configFile: swcrc, sourceMaps: 'inline' };
      return { contents: withClassNames((await transformFile(path, options)).code), loader: 'js' };
    });
    onLoad({ filter: /\/node_modules\/@nestjs\/.*\.js$/ }, async ({ path }) => ({
      contents: withClassNames(await readFile(path, 'utf8')),
    }));
  },
};

const { dependencies } = JSON.parse(await readFile('package.json', 'utf8'));

/** What NestJS asks for only to see whether it is there. Where the application does not depend on it, it is for others. */
const OPTIONAL = /^@(fastify\/(multipart|static|view)|nestjs\/(microservices|platform-express|websockets))(\/|$)/;
const absent = {
  name: 'absent',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: OPTIONAL }, ({ path }) => {
      const name = path.split('/').slice(0, 2).join('/');
      return name in dependencies ? undefined : { path, namespace: 'absent' };
    });
    onLoad({ filter: /.*/, namespace: 'absent' }, ({ path }) => ({
      contents: `throw Object.assign(new Error('Not bundled: ${path}'), { code: 'MODULE_NOT_FOUND' });`,
    }));
  },
};

await build({
  entryPoints: entries.map((entry) => `src/${entry}.ts`),
  outdir: 'dist',
  bundle: true,
  format: 'esm',
  platform: 'node',
  target: 'node20.19',
  conditions: ['source'],
  sourcemap: true,
  sourcesContent: false,
  external: NATIVE,
  banner: { js: BANNER },
  plugins: [swc, absent],
  logLevel: 'error',
});
