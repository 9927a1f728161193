import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Child, environment, type Outcome, type Settings } from './child.js';
import { createDatabase, type Database, type DatabaseType } from './database.js';
import { GuardedApp, type GuardOptions } from './guarded-app.js';
import { askHelper } from './helper.js';
import { Service } from './service.js';
import { COMMAND_LINE, COMMAND_LINE_HELPER, SERVICE } from './workspace.js';

/** Settings for tests to which it is all one how secrets are kept: bcrypt takes 50 ms for each key. */
export const WITHOUT_BCRYPT = { SECRET_HASHER: 'hmac-sha256' };

const open = new Set<Installation>();

/** Ends and deletes what the tests of a file installed. */
export async function removeInstallations(): Promise<void> {
  await Promise.all([...open].map((installation) => installation.remove()));
}

/** A folder and a database of their own, and the programs that run on them. Removed after the tests of the file. */
export class Installation {
  readonly #children = new Set<Child>();

  private constructor(
    readonly folder: string,
    readonly database: Database,
    private readonly settings: Settings,
  ) {}

  /** @param settings - of all programs that run there, which their own settings replace */
  static async create(type: DatabaseType, settings: Settings = {}): Promise<Installation> {
    const folder = await mkdtemp(join(tmpdir(), 'feather-e2e-'));
    const database = await createDatabase(type, folder);
    const installation = new Installation(folder, database, { ...database.settings, ...settings });
    open.add(installation);
    return installation;
  }

  /** Makes what a command needs and only a start of the service or an operator makes: the database and a pepper. */
  async prepare(): Promise<this> {
    await this.run(['migrate']);
    const { stdout } = await this.run(['pepper', 'generate']);
    await mkdir(join(this.folder, 'data'), { recursive: true });
    await writeFile(join(this.folder, 'data/peppers'), stdout, { mode: 0o600 });
    return this;
  }

  /** Starts the service, or another build of it, and waits until it listens. */
  start(settings: Settings = {}, program = SERVICE): Promise<Service> {
    const all = { ...this.settings, ...settings };
    return Service.start(this.folder, all, (child) => this.watch(child), program);
  }

  /** Starts the service with the settings file that it is told, and no setting beside it. */
  startNamed(file: string): Promise<Service> {
    return Service.start(this.folder, {}, (child) => this.watch(child), SERVICE, ['--env-file', file]);
  }

  /** Starts an application that asks a service here. */
  startGuarded(options: GuardOptions): Promise<GuardedApp> {
    return GuardedApp.start(options, (child) => this.watch(child));
  }

  /** Starts another program of a test. */
  startProgram(script: readonly string[]): Child {
    const child = new Child(this.folder, script);
    this.watch(child);
    return child;
  }

  /** Starts the service where it should not come up. */
  startInVain(settings: Settings): Promise<Outcome> {
    return this.launch([SERVICE], { PORT: '0', ...settings }).outcome;
  }

  /** Runs a command of the command line, in a process that runs many: most of what the program does is to start. */
  async run(command: readonly string[], settings: Settings = {}, input = ''): Promise<Outcome> {
    const isReadByNode = 'NODE_OPTIONS' in settings || command.some((word) => word.startsWith('--env-file'));
    if (isReadByNode) return this.runProgram(command, settings, input);
    const all = environment(this.folder, { ...this.settings, ...settings });
    const message = { program: COMMAND_LINE, folder: this.folder, command, settings: all, input };
    return (await askHelper(COMMAND_LINE_HELPER, message)) as Outcome;
  }

  /** The same in a process of its own, as people run it. */
  runProgram(command: readonly string[], settings: Settings = {}, input?: string): Promise<Outcome> {
    return this.launch([COMMAND_LINE, ...command], settings, input).outcome;
  }

  /** Starts any program of ours here. */
  launch(script: readonly string[], settings: Settings = {}, input?: string): Child {
    const child = new Child(this.folder, script, { ...this.settings, ...settings }, input);
    this.watch(child);
    return child;
  }

  /** Begins a command of the command line, to be killed in the middle. */
  begin(command: readonly string[], settings: Settings = {}): Child {
    return this.launch([COMMAND_LINE, ...command], settings);
  }

  /** Writes a file into the folder and returns its path. */
  async write(name: string, content: string): Promise<string> {
    const path = join(this.folder, name);
    await writeFile(path, content);
    return path;
  }

  async remove(): Promise<void> {
    open.delete(this);
    await Promise.all([...this.#children].map((child) => child.end('SIGKILL')));
    await this.database.drop();
    await rm(this.folder, { recursive: true, force: true });
  }

  private watch(child: Child): void {
    this.#children.add(child);
  }
}
