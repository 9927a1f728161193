import { NotFoundException } from '@nestjs/common';
import type { FastifyRequest, onRouteHookHandler, preParsingHookHandler } from 'fastify';
import { standardApiError } from '../errors/api-error.js';
import { percentDecode } from './request-target.js';

interface KnownRoute {
  readonly segments: readonly string[];
  readonly methods: readonly string[];
}

/** The routes of an application. It knows which methods a path has. */
export class RouteTable {
  private readonly routes: KnownRoute[] = [];

  readonly learnRoute: onRouteHookHandler = ({ url, method }) => {
    this.routes.push({ segments: url.split('/'), methods: [method].flat() });
  };

  /** 404, or 405 with `Allow` where the path has other methods (RFC 9110 section 15.5.6). */
  readonly refuseUnrouted: preParsingHookHandler = (request, _reply, payload, done) => {
    if (!request.is404) {
      done(null, payload);
      return;
    }
    const methods = this.methodsOf(request);
    if (methods.length === 0 || methods.includes(request.method)) done(new NotFoundException());
    else done(standardApiError(405, { headers: { Allow: methods.join(', ') } }));
  };

  /**
   * The methods of a request's path; none for an unknown path. `/keys/verify` is not one of the keys of `/keys/:id`: a
   * route that spells the path out takes it from those with parameters.
   */
  methodsOf({ raw: { url = '' } }: FastifyRequest): string[] {
    const segments = url.split('?', 1)[0]?.split('/').map(percentDecode) ?? [];
    const matching = this.routes.filter((route) => matches(route.segments, segments));
    const literal = matching.filter((route) => route.segments.every((part) => !part.startsWith(':')));
    return [...new Set((literal.length > 0 ? literal : matching).flatMap(({ methods }) => methods))];
  }
}

function matches(pattern: readonly string[], path: readonly string[]): boolean {
  if (pattern.length !== path.length) return false;
  return pattern.every((part, index) => (part.startsWith(':') ? path[index] !== '' : part === path[index]));
}
