import { fileURLToPath } from 'node:url';

const path = (relative: string): string => fileURLToPath(new URL(`../../../../${relative}`, import.meta.url));

/** The root of the repository. */
export const WORKSPACE = path('');

/** The built programs under test. */
export const SERVICE = path('apps/api/dist/main.js');
export const COMMAND_LINE = path('apps/api/dist/cli.js');
export const SAMPLE = path('apps/sample-orders/dist/main.js');
export const SAMPLE_ORGANIZATION = path('apps/sample-orders/dist/create-organization.js');

/** What the manual starts before the service, so that it makes spans. */
export const TRACING = path('docs/monitoring/tracing.mjs');

/** An application that is guarded by the service. */
export const GUARDED_APP = path('apps/api-e2e/guarded-app/main.mjs');

/** Starts what the bench measures of ours, once. */
export const BENCH_SMOKE = path('tools/bench/src/smoke.mjs');

/** Programs that serve the tests of a file: commands of the command line, and SQL on SQLite files. */
export const COMMAND_LINE_HELPER = path('apps/api-e2e/helpers/command-line.mjs');
export const SQLITE_HELPER = path('apps/api-e2e/helpers/sqlite.mjs');
