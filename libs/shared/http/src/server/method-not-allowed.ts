import type { FastifyInstance } from 'fastify';
import { ApiError } from '../errors/api-error.js';
import { standardError } from '../errors/standard-errors.js';
import { percentDecode } from './percent-decode.js';

interface KnownRoute {
  readonly segments: readonly string[];
  readonly methods: readonly string[];
}

/** Answers 405 with Allow (RFC 9110 section 15.5.6) instead of 404 where a path is known under other methods. */
export function refuseUnknownMethods(instance: FastifyInstance): void {
  const routes: KnownRoute[] = [];
  instance.addHook('onRoute', ({ url, method }) => {
    routes.push({ segments: url.split('/'), methods: [method].flat() });
  });
  // After the onRequest hooks: whoever may not know which paths exist has been turned away by then.
  instance.addHook('preHandler', (request, _reply, done) => {
    if (!request.is404) {
      done();
      return;
    }
    const segments = (request.raw.url ?? '').split('?', 1)[0]?.split('/').map(percentDecode) ?? [];
    const allowed = new Set(routes.filter((route) => matches(route.segments, segments)).flatMap((r) => r.methods));
    if (allowed.size === 0 || allowed.has(request.method)) {
      done();
      return;
    }
    const headers = { Allow: [...allowed].join(', ') };
    done(new ApiError({ status: 405, ...standardError(405), headers }));
  });
}

function matches(pattern: readonly string[], path: readonly string[]): boolean {
  if (pattern.length !== path.length) return false;
  return pattern.every((part, index) => (part.startsWith(':') ? path[index] !== '' : part === path[index]));
}
