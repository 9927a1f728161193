import { spawn } from 'node:child_process';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { printedJson } from './support/command-line.js';
import { Installation } from './support/installation.js';
import { COMMAND_LINE } from './support/workspace.js';

/** Every Debian and Ubuntu has `script`, which gives a program a terminal; that of macOS has other options. */
const onLinux = process.platform === 'linux' ? describe : describe.skip;

interface Terminal {
  readonly width?: number;
  /** What is typed as soon as something is asked. */
  readonly answer?: string;
  readonly settings?: Readonly<Record<string, string>>;
}

/** Runs a command on a terminal, and tells how it ended and what the terminal got. */
async function runOnTerminal(folder: string, command: readonly string[], { width = 200, answer, settings }: Terminal) {
  const words = [process.execPath, COMMAND_LINE, ...command].map((word) => `'${word}'`).join(' ');
  const child = spawn('script', ['-qec', `stty cols ${width} -echo; exec ${words}`, '/dev/null'], {
    cwd: folder,
    env: { PATH: process.env['PATH'], HOME: folder, TERM: 'xterm', LANG: 'C.UTF-8', ...settings },
  });
  let text = '';
  child.stdout.setEncoding('utf8').on('data', (part: string) => {
    if (answer !== undefined && part.includes('[y/N]')) child.stdin.write(answer);
    text += part;
  });
  const status = await new Promise<number | null>((resolve) => child.once('close', resolve));
  return { status, text: text.replaceAll('\r', '') };
}

onLinux('the command line on a terminal', () => {
  let installation: Installation;
  let organization: { id: string; name: string };

  beforeAll(async () => {
    installation = await Installation.create('sqlite');
    await installation.start();
    organization = printedJson(await installation.run(['organization', 'show', '--json'])) as typeof organization;
  });

  const run = (command: readonly string[], terminal: Terminal = {}) =>
    runOnTerminal(installation.folder, command, terminal);
  const isActive = async () =>
    (printedJson(await installation.run(['organization', 'show', '--json'])) as { is_active: boolean }).is_active;

  it('shows tables with times as people tell them, in colours unless NO_COLOR is set', async () => {
    const { text } = await run(['organization', 'list']);
    const [head, rule, line] = text.split('\n');
    expect(head).toBe('\u001b[1mID                                    NAME                  STATE   CREATED\u001b[22m');
    expect(rule).toMatch(/^─+$/);
    expect(line).toMatch(new RegExp(`^${organization.id} {2}${organization.name} {2}active {2}\\d+[sm] ago$`));
    const plain = await run(['organization', 'list'], { settings: { NO_COLOR: '1', LANG: 'C' } });
    expect(plain.text).toMatch(/^ID +NAME +STATE +CREATED\n-+\n/);
  });

  it('fits the width of the terminal', async () => {
    for (const width of [80, 100, 150]) {
      const { text } = await run(['key', 'list'], { width, settings: { NO_COLOR: '1' } });
      expect(text).toMatch(/^ID +NAME /);
      expect(Math.max(...text.split('\n').map((line) => [...line].length))).toBeLessThanOrEqual(width);
    }
    expect((await run(['key', 'list'], { width: 40 })).text).toMatch(/^id: +\S{36}\nname: +Owner key\n/);
  });

  it.each([
    ['n\n', 1],
    ['\n', 1],
    ['\u0004', 1],
    ['\u0003', 1],
    ['yes\n', 0],
  ])('asks before it disables an organization: %j ends with %i', async (answer, status) => {
    const ended = await run(['organization', 'disable', organization.name], { answer });
    expect(ended).toEqual({
      status,
      text: expect.stringContaining('Refuse all of its keys until it is enabled? [y/N]'),
    });
    expect(ended.text.includes('Nothing was changed.')).toBe(status === 1);
    expect(await isActive()).toBe(status === 1);
    await installation.run(['organization', 'enable', organization.id]);
  });

  it('asks before it accepts other peppers, unless --yes says so', async () => {
    const command = ['migrate', '--accept-peppers'];
    const refused = await run(command, { answer: 'n\n' });
    expect(refused).toEqual({
      status: 1,
      text: expect.stringMatching(/Stop all instances[^]*\[y\/N\][^]*Nothing was changed\./),
    });
    expect(await run([...command, '--yes'])).toEqual({ status: 0, text: expect.stringContaining('; peppers: v1.') });
  });

  it('asks before it revokes keys, unless --yes says so', async () => {
    const create = ['key', 'create', '--name', 'deploy', '--scopes', 'a:b', '--json'];
    const { id } = printedJson(await installation.run(create)) as { id: string };
    const refused = await run(['key', 'revoke', 'deploy'], { answer: 'n\n' });
    expect(refused).toEqual({ status: 1, text: expect.stringContaining(`${id}  fth_live_`) });
    expect(await run(['key', 'revoke', 'deploy', '--yes'])).toEqual({ status: 0, text: `Revoked ${id} (deploy).\n` });
  });
});
