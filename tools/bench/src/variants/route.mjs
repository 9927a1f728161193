/** Puts method decorators on a handler, as `@Get()` above it would: there is no such syntax in plain JavaScript. */
export function route(controller, method, ...decorators) {
  const { prototype } = controller;
  for (const decorate of decorators) decorate(prototype, method, Object.getOwnPropertyDescriptor(prototype, method));
}
