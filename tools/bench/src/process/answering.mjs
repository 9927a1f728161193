/** Answers the questions of the bench with these handlers, by the name of the command, until the bench is gone. */
export function answer(handlers, close = async () => undefined) {
  process.on('message', async ({ id, command, payload }) => {
    try {
      process.send({ id, result: await handlers[command](payload) });
    } catch (error) {
      process.send({ id, error: error.stack ?? String(error) });
    }
  });
  process.once('disconnect', () => {
    close().then(
      () => process.exit(0),
      () => process.exit(1),
    );
  });
}
