// Everything that needs Fastify.
export { configureHttp } from './configure-http.js';
export { createFastifyAdapter, type FastifyAdapterOptions } from './create-fastify-adapter.js';
export type { CrossOriginOptions } from './cross-origin.js';
export { drain } from './drain.js';
export { UNHOOKED_ANSWER } from './native-errors.js';
export { RawBody } from './raw-body.js';
