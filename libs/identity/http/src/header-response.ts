import type { ServerResponse } from 'node:http';

/** Sets headers of the answer: Fastify's reply or Express's response. */
export interface HeaderResponse {
  header(name: string, value: string): unknown;
}

/** Node's own response under it. */
export function nodeResponse(response: HeaderResponse): ServerResponse {
  return ('raw' in response ? response.raw : response) as ServerResponse;
}

/** The same of Node's own response, which is what a middleware of NestJS gets on Fastify. */
export interface NodeResponse {
  setHeader(name: string, value: string): unknown;
}

/** Sets a header of the answer in any application. Fastify converts a name that is not in lower case. */
export function setHeader(response: HeaderResponse | NodeResponse, name: string, value: string): void {
  if ('header' in response) response.header(name, value);
  else response.setHeader(name, value);
}
