// Answers SQL on SQLite files, each time by a connection of its own. Usage: node sqlite.mjs, with an IPC channel for { path, sql }
import Database from 'better-sqlite3';

process.on('message', ({ path, sql }) => {
  process.send(answer(path, sql));
});

function answer(path, sql) {
  let database;
  try {
    database = new Database(path, { fileMustExist: true });
    const statement = database.prepare(sql);
    return { rows: statement.reader ? statement.all() : (statement.run(), []) };
  } catch (error) {
    return { error: error.message };
  } finally {
    database?.close();
  }
}
