// Makes one file of each entry of an application and all that it imports: reading a thousand files is most of a start.
// Usage, in the folder of the project: node ../../tools/bundle.mjs ENTRY..., which makes dist/ENTRY.js of src/ENTRY.ts
import { transformFile } from '@swc/core';
import { build } from 'esbuild';
import { fileURLToPath } from 'node:url';

const entries = process.argv.slice(2);
const swcrc = fileURLToPath(new URL('../.swcrc', import.meta.url));

/** Native code, found beside the file that loads it. */
const NATIVE = ['@node-rs/argon2', 'bcrypt', 'better-sqlite3', 'swagger-ui-dist'];

/** CommonJS inside asks for Node's own modules. */
const BANNER = `import { createRequire as createRequireOfBundle } from 'node:module';
const require = createRequireOfBundle(import.meta.url);`;

/** esbuild writes no metadata of decorated types, which NestJS reads. */
const swc = {
  name: 'swc',
  setup({ onLoad }) {
    onLoad({ filter: /\.ts$/ }, async ({ path }) => {
      const options = { configFile: swcrc, sourceMaps: 'inline' };
      return { contents: (await transformFile(path, options)).code, loader: 'js' };
    });
  },
};

/** What NestJS asks for only to see whether it is there. It is for other packages of this workspace. */
const OPTIONAL = /^@(fastify\/(multipart|static|view)|nestjs\/(microservices|websockets))(\/|$)/;
const absent = {
  name: 'absent',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: OPTIONAL }, ({ path }) => ({ path, namespace: 'absent' }));
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
  // Not `keepNames`: it names each function whenever it is made, which costs a verification a fifth.
  sourcemap: true,
  sourcesContent: false,
  external: NATIVE,
  banner: { js: BANNER },
  plugins: [swc, absent],
  logLevel: 'error',
});
