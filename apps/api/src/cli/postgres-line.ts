/** Parameters of node-postgres that libpq does not know, and the password, which a command line would show to others. */
const LEFT_OUT = ['password', 'ssl', 'uselibpqcompat'];

/**
 * The line that copies a PostgreSQL database with its own programs.
 *
 * @param program - which way
 * @param url - the database's; its password is left out
 * @param file - where the copy is
 */
export function postgresLine(program: 'pg_dump' | 'pg_restore', url: string, file: string): string {
  const address = new URL(url);
  address.password = '';
  if (address.searchParams.get('ssl') === 'true') address.searchParams.set('sslmode', 'require');
  for (const name of LEFT_OUT) address.searchParams.delete(name);
  const database = `--dbname=${quoted(address.href)}`;
  return program === 'pg_dump'
    ? `pg_dump --format=custom --no-owner --file=${quoted(file)} ${database}`
    : `pg_restore --single-transaction --no-owner ${database} ${quoted(file)}`;
}

/** As one word of a shell. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", String.raw`'\''`)}'`;
}
