// What FastAPI with Pydantic v2 says of wrong values, without `loc` and `input`.

export const NO_INTEGER = {
  type: 'int_parsing',
  msg: 'Input should be a valid integer, unable to parse string as an integer',
};
export const NO_BOOLEAN = {
  type: 'bool_parsing',
  msg: 'Input should be a valid boolean, unable to interpret input',
};

/** The fault of a number below its limit. */
export function atLeast(limit: number): object {
  return {
    type: 'greater_than_equal',
    msg: `Input should be greater than or equal to ${limit}`,
    ctx: { ge: limit },
  };
}

/** The fault of a number above its limit. */
export function atMost(limit: number): object {
  return { type: 'less_than_equal', msg: `Input should be less than or equal to ${limit}`, ctx: { le: limit } };
}
