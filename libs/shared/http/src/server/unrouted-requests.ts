import { NotFoundException } from '@nestjs/common';
import type { FastifyInstance } from 'fastify';
import { ApiError } from '../errors/api-error.js';
import { standardError } from '../errors/standard-errors.js';
import { methodNotAllowed } from './client-error.js';
import type { RouteTable } from './route-table.js';

/** Answers 404, or 405 with Allow where the path is known under other methods, without waiting for a body. */
export function refuseUnroutedRequests(instance: FastifyInstance, routes: RouteTable): void {
  // After all onRequest hooks: whoever may not know which paths exist has been turned away by then.
  instance.addHook('preParsing', (request, _reply, payload, done) => {
    if (!request.is404) {
      done(null, payload);
      return;
    }
    const methods = routes.methodsOf(request.raw.url ?? '');
    if (methods.size === 0 || methods.has(request.method)) {
      done(new NotFoundException());
      return;
    }
    const { status, headers } = methodNotAllowed(methods);
    done(new ApiError({ status, ...standardError(status), headers }));
  });
}
