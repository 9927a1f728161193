// `npm run assemble`: writes what runs the service and its command line to dist/service, 20 MB: the bundles, the console,
// and of the packages that are not bundled what is loaded. It fits the operating system and processor that it was made on
// and, for SQLite, the major version of Node.
import { cpSync, existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const service = join(root, 'dist/service');

const BUILT = ['apps/api/dist/main.js', 'apps/api/dist/cli.js', 'apps/console/dist', 'LICENSE'];

/** What the bundles load: native packages (tools/bundle.mjs), the driver that TypeORM asks for by its name, and files. */
const LOADED = ['@node-rs/argon2', 'bcrypt', 'better-sqlite3', 'pg', 'swagger-ui-dist'];

/** Dependencies that only an installation needs. */
const FOR_INSTALLATION = ['@scarf/scarf', 'node-addon-api', 'prebuild-install'];

/** What is loaded of packages that come with sources or with files for others, 40 MB. */
const FILES = {
  bcrypt: ['bcrypt.js', 'promises.js', `prebuilds/${process.platform}-${process.arch}`],
  'better-sqlite3': ['lib', 'build/Release/better_sqlite3.node'],
  'swagger-ui-dist': ['swagger-ui.css', 'swagger-ui-bundle.js', 'swagger-ui-bundle.js.LICENSE.txt'],
};

// Nothing else in the folder is touched.
for (const folder of ['apps', 'node_modules']) rmSync(join(service, folder), { recursive: true, force: true });
for (const path of BUILT) copy(join(root, path));
for (const name of LOADED) copyPackage(name, root);
// The bundles are ES modules.
const { name, version, license } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
const manifest = { name, version, license, private: true, type: 'module' };
writeFileSync(join(service, 'package.json'), `${JSON.stringify(manifest, null, 2)}\n`);
console.log(service);

/** Copies a package that the one in `parent` loads, with all that it loads itself. */
function copyPackage(name, parent) {
  const modules = createRequire(join(parent, 'package.json')).resolve.paths(name);
  const folder = modules.map((path) => join(path, name)).find((path) => existsSync(join(path, 'package.json')));
  // Optional dependencies for other systems are not installed.
  if (folder === undefined) return;
  const files = FILES[name] ?? readdirSync(folder).filter((file) => file !== 'node_modules');
  const legal = readdirSync(folder).filter((file) => /^(licen[cs]e|notice)/i.test(file));
  for (const file of ['package.json', ...legal, ...files]) copy(join(folder, file));
  const { dependencies, optionalDependencies } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  const others = Object.keys({ ...dependencies, ...optionalDependencies });
  for (const other of others.filter((each) => !FOR_INSTALLATION.includes(each))) copyPackage(other, folder);
}

function copy(path) {
  cpSync(path, join(service, relative(root, path)), { recursive: true });
}
