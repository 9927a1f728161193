const optional = new WeakSet<object>();

/** A body of this class may be missing or `null`: its fields then have their defaults. */
export function OptionalBody(): ClassDecorator {
  return (dto) => {
    optional.add(dto);
  };
}

/** Whether the class was marked so. */
export function isOptionalBody(dto: object): boolean {
  return optional.has(dto);
}
