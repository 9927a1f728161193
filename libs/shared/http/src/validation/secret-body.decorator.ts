const secret = new WeakSet<object>();

/** A body of this class holds a secret: a 422 says what is wrong with it and where, and repeats nothing of it. */
export function SecretBody(): ClassDecorator {
  return (dto) => {
    secret.add(dto);
  };
}

/** Whether the class was marked so. */
export function isSecretBody(dto: object): boolean {
  return secret.has(dto);
}
