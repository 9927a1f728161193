const ignoring = new WeakSet<object>();

/**
 * Fields beyond those of this class are ignored, as Pydantic does by default; without it they are 422. On a handler that
 * declares no query: every query parameter is.
 */
export function IgnoreExtra(): ClassDecorator & MethodDecorator {
  return (target: object, _name?: string | symbol, descriptor?: PropertyDescriptor) => {
    ignoring.add(descriptor === undefined ? target : (descriptor.value as object));
  };
}

/** Whether the class or the handler was marked so. */
export function isExtraIgnored(target: object): boolean {
  return ignoring.has(target);
}
