import { startWorker } from '../process/worker.mjs';

/** Runs `work` with a process of the bench that is told where it reaches these instances, now and after each restart. */
export async function withClient(script, instances, work) {
  const client = startWorker(script);
  try {
    for (const [number, instance] of instances.entries()) {
      instance.onReachable = (port) => client.ask('reachable', { number, port });
      await instance.onReachable(instance.port);
    }
    return await work(client);
  } finally {
    for (const instance of instances) instance.onReachable = () => undefined;
    await client.stop();
  }
}
