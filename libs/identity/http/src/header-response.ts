/** Sets headers of the answer: Fastify's reply or Express's response. */
export interface HeaderResponse {
  header(name: string, value: string): unknown;
}
