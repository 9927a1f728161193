import type { Caller } from '@feather-identity/core';
import type { ExecutionContext } from '@nestjs/common';
import { argumentOfInfo } from './guarded-request.js';

/** Where a GraphQL field keeps its call. */
const CALL = Symbol('feather-identity call');

interface Info {
  [CALL]?: HandlerCall;
}

/**
 * One call of a handler that is no HTTP request's: a message of a WebSocket, a field of a GraphQL operation. It takes
 * from the guard to the handler who is calling: connections stay while their keys change, so nothing is kept on those.
 */
export class HandlerCall {
  caller: Caller | undefined;

  /** The call that this context is about, begun where none was. */
  static of(context: ExecutionContext): HandlerCall {
    const known = HandlerCall.begun(context);
    if (known !== undefined) return known;
    const call = new HandlerCall();
    const info = infoOf(context);
    if (info !== undefined) info[CALL] = call;
    // NestJS gives the handler, and the decorators of its parameters, what is in here. Its last one is the pattern.
    else context.getArgs<unknown[]>().splice(-1, 0, call);
    return call;
  }

  /** The call that this context is about; undefined where no guard looked at it. */
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
