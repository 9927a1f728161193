import { copyFile, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Child } from '../support/child.js';
import { WORKSPACE } from '../support/workspace.js';

/** How each generator makes `client.ts` of `openapi.json`, as its documentation says. */
export const GENERATORS = {
  'openapi-typescript': ['bin/cli.js', 'openapi.json', '--output', 'client.ts'],
  'swagger-typescript-api': ['dist/cli.mjs', 'generate', '-p', 'openapi.json', '-o', '.', '-n', 'client.ts'],
} as const;

/** One of `GENERATORS`. */
export type Generator = keyof typeof GENERATORS;

const COMPILER = join(WORKSPACE, 'node_modules/typescript7/bin/tsc');
const SESSIONS = join(WORKSPACE, 'apps/api-e2e/generated-client');

/** What a careful client compiles with. */
const COMPILER_OPTIONS = {
  strict: true,
  noUncheckedIndexedAccess: true,
  exactOptionalPropertyTypes: true,
  target: 'es2022',
  lib: ['es2023', 'dom'],
  types: ['node'],
  module: 'nodenext',
  skipLibCheck: true,
};

/** A folder with a client generated from an OpenAPI document and a compiled session that uses it. */
export class GeneratedClient {
  private constructor(
    private readonly folder: string,
    private readonly generator: Generator,
  ) {}

  /** Throws what the generator or the compiler prints when they fail. */
  static async from(document: string, generator: Generator): Promise<GeneratedClient> {
    const client = new GeneratedClient(await mkdtemp(join(tmpdir(), 'feather-client-')), generator);
    try {
      await client.build(document);
    } catch (error) {
      await client.remove();
      throw error;
    }
    return client;
  }

  /** What the session prints against a service. */
  async session(url: string, key: string): Promise<unknown> {
    return JSON.parse(await this.run(['session.mjs'], { URL: url, KEY: key }));
  }

  async remove(): Promise<void> {
    await rm(this.folder, { recursive: true });
  }

  private async build(document: string): Promise<void> {
    await symlink(join(WORKSPACE, 'node_modules'), join(this.folder, 'node_modules'));
    await copyFile(join(SESSIONS, `${this.generator}.mts`), join(this.folder, 'session.mts'));
    await writeFile(join(this.folder, 'package.json'), '{"type":"module"}');
    await writeFile(join(this.folder, 'openapi.json'), document);
    const [program, ...options] = GENERATORS[this.generator];
    await this.run([join(WORKSPACE, 'node_modules', this.generator, program), ...options]);
    const config = { compilerOptions: COMPILER_OPTIONS, files: ['session.mts', 'client.ts'] };
    await writeFile(join(this.folder, 'tsconfig.json'), JSON.stringify(config));
    await this.run([COMPILER]);
  }

  private async run(script: readonly string[], settings = {}): Promise<string> {
    const { status, stdout, stderr } = await new Child(this.folder, script, settings).outcome;
    if (status !== 0) throw new Error(`${script.join(' ')} ended with status ${String(status)}:\n${stdout}${stderr}`);
    return stdout;
  }
}
