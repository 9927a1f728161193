/** A request of Fastify, Express or Node, or the handshake of a connection, as far as it tells about its client. */
export interface ClientRequest {
  readonly socket?: { readonly destroyed: boolean; readonly remoteAddress?: string | undefined } | null | undefined;
  /** The client's address, behind a proxy only where the host application trusts it. */
  readonly ip?: string | undefined;
}

/** Whether nobody waits for the answer any more. */
export function hasClientGone({ socket }: ClientRequest): boolean {
  return socket?.destroyed === true;
}

/** Where a request comes from, as far as is known. */
export function addressOf({ ip, socket }: ClientRequest): string {
  return ip ?? socket?.remoteAddress ?? '';
}
