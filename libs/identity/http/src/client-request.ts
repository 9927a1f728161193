/** A request of Fastify or Express, as far as it tells about its client. */
export interface ClientRequest {
  readonly socket: { readonly destroyed: boolean };
  /** The client's address, behind a proxy only where the host application trusts it. */
  readonly ip?: string | undefined;
}

/** Whether nobody waits for the answer any more. */
export function hasClientGone({ socket }: ClientRequest): boolean {
  return socket.destroyed;
}
