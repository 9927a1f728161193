import { type CanActivate, type ExecutionContext, UseGuards } from '@nestjs/common';
import { type Parameters, refuseParameters } from './extra-fields.js';
import { isExtraIgnored } from './ignore-extra.decorator.js';

/** What Nest's route decorators and `@Query()` write. */
const ROUTE = 'path';
const ROUTE_ARGUMENTS = '__routeArguments__';
const QUERY_ARGUMENT = /^4:/;

const queryCheck: CanActivate = {
  canActivate(context: ExecutionContext): boolean {
    refuseParameters(context.switchToHttp().getRequest<{ readonly query: Parameters }>().query);
    return true;
  },
};

/**
 * Lets handlers of this controller that declare no query refuse every parameter with 422, but for those with
 * `@IgnoreExtra()`. As a guard, since guards of the application that ask who is calling come before.
 */
export function RefuseUndeclaredQuery(): ClassDecorator {
  return (controller) => {
    const prototype = controller.prototype as Record<string, object>;
    for (const [name, descriptor] of Object.entries(Object.getOwnPropertyDescriptors(prototype))) {
      const handler: unknown = descriptor.value;
      if (typeof handler !== 'function' || !Reflect.hasMetadata(ROUTE, handler)) continue;
      if (isExtraIgnored(handler) || declaresQuery(controller, name)) continue;
      UseGuards(queryCheck)(prototype, name, descriptor);
    }
  };
}

function declaresQuery(controller: object, name: string): boolean {
  const declared = Reflect.getMetadata(ROUTE_ARGUMENTS, controller, name) as object | undefined;
  return Object.keys(declared ?? {}).some((key) => QUERY_ARGUMENT.test(key));
}
