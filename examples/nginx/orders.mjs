import { createServer } from 'node:http';

// A service without keys of its own: nginx lets nobody through without one, and says whose it is.
const server = createServer((request, response) => {
  const { 'x-organization-id': organization, 'x-scopes': scopes, 'x-api-key': key } = request.headers;
  response.setHeader('content-type', 'application/json');
  response.end(JSON.stringify({ organization, scopes, sawTheKey: key !== undefined, orders: ['tea'] }));
});
// Whoever reaches it past nginx is believed: nothing but nginx may.
server.listen(process.env.PORT ?? 9000, '127.0.0.1', () => {
  console.log(`Listening on http://127.0.0.1:${server.address().port}`);
});
