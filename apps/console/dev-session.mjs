/**
 * For development until the service has sessions: every request has the key of SERVICE_KEY, and the session is what
 * `whoami` says of it. Without a key it does nothing.
 */
export function sessionOfKey(service, key) {
  if (key === undefined) return { name: 'session-of-key', apply: 'serve' };
  const sessionNow = async () => {
    const answer = await fetch(`${service}/v1/identity/whoami`, { headers: { 'x-api-key': key } });
    const now = Date.now();
    const times = {
      created_at: new Date(now - 3_600_000).toISOString(),
      last_seen_at: new Date(now).toISOString(),
      expires_at: new Date(now + 8 * 3_600_000).toISOString(),
    };
    const common = { id: '019ad1c3-52e0-7a4f-9c61-2f6d1f0b8e99', current: true, ...times };
    if (!answer.ok)
      return { ...common, kind: 'operator', scopes: ['*'], unrestricted: true, organization: null, api_key: null };
    const { organization_id: id, organization_name: name, api_key: own } = await answer.json();
    const { scopes } = own;
    return {
      ...common,
      kind: 'tenant',
      scopes,
      unrestricted: scopes.length === 0,
      organization: { id, name },
      api_key: own,
    };
  };
  return {
    name: 'session-of-key',
    apply: 'serve',
    configureServer({ middlewares }) {
      let signedIn = true;
      middlewares.use(async (request, response, next) => {
        const { pathname } = new URL(request.url, service);
        if (!/^\/console\/api\/sessions?(\/|$)/.test(pathname)) return next();
        const answer = (status, body) => {
          response.writeHead(status, { 'content-type': 'application/json' });
          response.end(body === undefined ? '' : JSON.stringify(body));
        };
        if (request.method === 'POST') {
          signedIn = true;
          return answer(201, await sessionNow());
        }
        if (!signedIn) return answer(401, { error: 'authentication_required', message: 'Authentication required' });
        if (request.method === 'DELETE') {
          if (pathname.endsWith('/session')) signedIn = false;
          return answer(204);
        }
        return answer(200, pathname.endsWith('/sessions') ? { data: [await sessionNow()] } : await sessionNow());
      });
    },
  };
}

/** Passes the routes of the API on with the key. */
export function proxyWithKey(service, key) {
  if (key === undefined) return {};
  const rewrite = (path) => path.replace('/console/api', '');
  return { '/console/api/v1': { target: service, rewrite, headers: { 'x-api-key': key } } };
}
