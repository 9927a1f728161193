import type { FastifyInstance } from 'fastify';
import { percentDecode } from './percent-decode.js';

interface KnownRoute {
  readonly segments: readonly string[];
  readonly methods: readonly string[];
}

/** The routes of an application, to tell which methods a path has. */
export class RouteTable {
  private readonly routes: KnownRoute[] = [];

  /** Learns of every route that is added from now on. */
  watch(instance: FastifyInstance): void {
    instance.addHook('onRoute', ({ url, method }) => {
      this.routes.push({ segments: url.split('/'), methods: [method].flat() });
    });
  }

  /** The methods of the path of a canonical request target; none if nobody knows the path. */
  methodsOf(target: string): Set<string> {
    const segments = target.split('?', 1)[0]?.split('/').map(percentDecode) ?? [];
    return new Set(this.routes.filter((route) => matches(route.segments, segments)).flatMap((r) => r.methods));
  }
}

function matches(pattern: readonly string[], path: readonly string[]): boolean {
  if (pattern.length !== path.length) return false;
  return pattern.every((part, index) => (part.startsWith(':') ? path[index] !== '' : part === path[index]));
}
