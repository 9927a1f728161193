/** The route that every variant guards in the minimal app. */
export const THINGS = '/v1/things';

/** Who is calling, as the service tells it. */
export const WHOAMI = '/v1/identity/whoami';

/** The same answer by the same app with its hooks, guard, filters and log, but without authentication. */
export const OPEN_WHOAMI = '/bench/open-whoami';
