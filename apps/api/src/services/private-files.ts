/** Makes every file of the process, the SQLite database with its hashes above all, readable by its owner alone. */
export function keepFilesPrivate(): void {
  process.umask(0o077);
}
