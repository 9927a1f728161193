import type { Caller } from '@feather-identity/core';
import type { ExecutionContext } from '@nestjs/common';
import { argumentOfInfo } from './guarded-request.js';

/** Where a GraphQL field keeps its call. */
const CALL = Symbol('feather-identity call');

interface Info {
  [CALL]?: HandlerCall;
}

/**
 * One call of a handler for a WebSocket message or a GraphQL field. It carries the caller from the guard to the handler.
 * Connections outlive changes of their keys, so nothing is kept on them.
 */
export class HandlerCall {
  caller: Caller | undefined;

  /** The call of this context, which is begun if there is none. */
  static of(context: ExecutionContext): HandlerCall {
    const known = HandlerCall.begun(context);
    if (known !== undefined) return known;
    const call = new HandlerCall();
    const info = infoOf(context);
    if (info !== undefined) info[CALL] = call;
    // NestJS passes these arguments to the handler and to the decorators of its parameters. The last one is the pattern.
    else context.getArgs<unknown[]>().splice(-1, 0, call);
    return call;
  }

  /** The call of this context; undefined if no guard has run. */
  static begun(context: ExecutionContext): HandlerCall | undefined {
    const info = infoOf(context);
    if (info !== undefined) return info[CALL];
    return context.getArgs<unknown[]>().find((argument) => argument instanceof HandlerCall);
  }
}

function infoOf(context: ExecutionContext): Info | undefined {
  if (context.getType<string>() !== 'graphql') return undefined;
  return context.getArgByIndex<Info | undefined>(argumentOfInfo(context));
}
