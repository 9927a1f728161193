/** Makes every file that the process creates readable by its owner alone, above all the SQLite database. */
export function keepFilesPrivate(): void {
  process.umask(0o077);
}
