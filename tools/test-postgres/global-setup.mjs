import { startServer } from './server.mjs';

/** One PostgreSQL for all specs of a Jest run, at `process.env.TEST_POSTGRES_URL`. */
export default async function globalSetup() {
  process.env.TEST_POSTGRES_URL = await startServer();
}
