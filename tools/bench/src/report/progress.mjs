/** Says on standard error what goes on; standard output is for the table. */
export function progress(line) {
  process.stderr.write(`${line}\n`);
}
