import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Outcome, Program } from './program.js';
import type { AppSources } from './scratch-apps.js';

const REPOSITORY = fileURLToPath(new URL('../../../../', import.meta.url));

/** The built service. */
export const SERVICE = join(REPOSITORY, 'apps/api/dist/main.js');

const OURS = ['core', 'http', 'infra'].map((name) => `@feather-identity/${name}`);
const OTHERS = ['@nestjs/swagger', 'better-sqlite3', 'class-validator', 'typeorm'];
const PACKAGE_JSON = {
  name: 'scratch',
  private: true,
  type: 'module',
  // What the generator would add, so that it installs nothing: the packages are those of this repository.
  dependencies: Object.fromEntries([...OURS, ...OTHERS].map((name) => [name, '*'])),
};
const TSCONFIG = {
  compilerOptions: {
    target: 'es2023',
    module: 'nodenext',
    types: ['node'],
    strict: true,
    isolatedModules: true,
    experimentalDecorators: true,
    emitDecoratorMetadata: true,
    exactOptionalPropertyTypes: true,
    noPropertyAccessFromIndexSignature: true,
    noUncheckedIndexedAccess: true,
    noUnusedLocals: true,
    skipLibCheck: true,
  },
  include: ['apps'],
};

/** An Nx workspace outside of this one, as a user has it, whose node_modules are those of this repository. */
export class ScratchWorkspace {
  private constructor(private readonly folder: string) {}

  static async create(apps: Readonly<Record<string, AppSources>>): Promise<ScratchWorkspace> {
    const workspace = new ScratchWorkspace(await mkdtemp(join(tmpdir(), 'feather-nx-')));
    await symlink(join(REPOSITORY, 'node_modules'), join(workspace.folder, 'node_modules'));
    await workspace.write('package.json', JSON.stringify(PACKAGE_JSON));
    await workspace.write('nx.json', '{}');
    await workspace.write('tsconfig.json', JSON.stringify(TSCONFIG));
    for (const [name, sources] of Object.entries(apps)) {
      await workspace.write(`apps/${name}/project.json`, JSON.stringify({ name, sourceRoot: `apps/${name}/src` }));
      for (const [path, text] of Object.entries(sources)) await workspace.write(`apps/${name}/${path}`, text);
    }
    return workspace;
  }

  /** Runs the generator by the command line of Nx. */
  protect(app: string, ...options: string[]): Promise<Outcome> {
    const command = ['g', '@feather-identity/nx:protect', app, ...options];
    // No process of its own for each plugin, which would load all of Nx again.
    const settings = { NX_DAEMON: 'false', NX_ISOLATE_PLUGINS: 'false', NO_COLOR: '1' };
    return this.run('node_modules/nx/dist/bin/nx.js', command, settings);
  }

  /** Compiles all applications, beside their sources. Throws for code that does not compile. */
  async compile(): Promise<void> {
    const { status, output } = await this.run('node_modules/typescript7/bin/tsc');
    if (status !== 0) throw new Error(`What was generated does not compile:\n${output}`);
  }

  /** Starts a compiled application or its worker, or the service, in a folder of its own for its data. */
  async start(program: string, options: readonly string[], variables: Record<string, string> = {}): Promise<Program> {
    const data = await mkdtemp(join(this.folder, 'data-'));
    const script = program === SERVICE ? SERVICE : join(this.folder, 'apps', program);
    return new Program(data, [script, ...options], variables);
  }

  remove(): Promise<void> {
    return rm(this.folder, { recursive: true, force: true });
  }

  private run(script: string, args: readonly string[] = [], variables = {}): Promise<Outcome> {
    return new Program(this.folder, [script, ...args], variables).outcome;
  }

  private async write(path: string, text: string): Promise<void> {
    const file = join(this.folder, path);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, text);
  }
}
