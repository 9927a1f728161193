// The one part that needs Fastify.
export { configureHttp } from './configure-http.js';
export { createFastifyAdapter, type FastifyAdapterOptions } from './create-fastify-adapter.js';
export { UNHOOKED_ANSWER } from './create-http-server.js';
export { RawBody } from './raw-body.js';
