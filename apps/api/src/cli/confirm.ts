import { createInterface } from 'node:readline';
import { RefusedError } from './refused-error.js';

/**
 * Asks before something that people have to live with. Without a terminal nobody is asked: a script must not hang.
 *
 * @param question - what is about to happen, as a question
 * @param yes - whether `--yes` answered it
 * @throws RefusedError for any answer but yes
 */
export async function confirm(question: string, yes: boolean | undefined): Promise<void> {
  if (yes === true || !process.stdin.isTTY) return;
  if (!process.stderr.isTTY)
    throw new RefusedError('Nothing was changed: there is no terminal on which to ask for confirmation. Use --yes.');
  const answer = await ask(`${question} [y/N] `);
  if (!/^y(es)?$/i.test(answer.trim())) throw new RefusedError('Nothing was changed.');
}

/** The answer on the terminal; empty if it ends before one. On standard error, since standard output may be a file. */
function ask(question: string): Promise<string> {
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  return new Promise((resolve) => {
    terminal.once('close', () => {
      resolve('');
    });
    terminal.question(question, (answer) => {
      resolve(answer);
      terminal.close();
    });
  });
}
