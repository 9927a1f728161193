import { basename, dirname, isAbsolute, join, relative } from 'node:path';

/** How the command line was called, to be pasted before a command: `npm run -s feather --`, `feather`, `node PATH/cli.js`. */
export function calledAs(): string {
  return spelledCall(process.env['npm_lifecycle_event'], process.argv[1] ?? '', process.cwd());
}

/**
 * The same for one process.
 *
 * @param npmScript - the npm script that runs it, if any
 * @param program - the file that Node runs: the command line, or the service beside it
 * @param folder - the working directory
 */
export function spelledCall(npmScript: string | undefined, program: string, folder: string): string {
  if (npmScript === 'feather' || npmScript === 'start') return 'npm run -s feather --';
  if (basename(program) === 'feather') return 'feather';
  const path = join(dirname(program), 'cli.js');
  const near = relative(folder, path);
  const shown = near.startsWith('..') || isAbsolute(near) ? path : near;
  return `node ${/^[\w./-]+$/.test(shown) ? shown : `'${shown}'`}`;
}

/** Whether the terminal shows more than ASCII, by its locale. */
export function isUnicodeTerminal(): boolean {
  const { LC_ALL, LC_CTYPE, LANG } = process.env;
  return /utf-?8/i.test(LC_ALL || LC_CTYPE || LANG || '');
}
