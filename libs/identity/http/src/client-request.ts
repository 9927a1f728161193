import { setMaxListeners } from 'node:events';
import { plainAddress } from '@feather-identity/shared-http/address';
import ipaddr from 'ipaddr.js';

/** Of an IPv6 address; IPv4 addresses have only 4 bytes. */
const NETWORK_BYTES = 8;

/** The parts of Node's socket that describe the client. */
export interface ClientSocket {
  readonly destroyed: boolean;
  readonly remoteAddress?: string | undefined;
  once(event: 'close', listener: () => void): unknown;
}

/** The parts of a request that describe its client: a request of Fastify, Express or Node, or the handshake of a connection. */
export interface ClientRequest {
  readonly socket?: ClientSocket | null | undefined;
  /** The client's address. Behind a proxy it is the proxy's, unless the host application trusts the proxy. */
  readonly ip?: string | undefined;
}

/** One for each connection, and not for each request: a connection may have many requests at once, as a WebSocket has. */
const signals = new WeakMap<ClientSocket, AbortSignal>();

/** Aborts when the client closes its connection. Made at the first call, since most requests need none. */
export function connectionSignal({ socket }: ClientRequest): AbortSignal | undefined {
  if (!socket) return undefined;
  const known = signals.get(socket);
  if (known !== undefined) return known;
  const closed = new AbortController();
  // Each check that waits listens to it, and removes its listener: many are no leak.
  setMaxListeners(0, closed.signal);
  if (socket.destroyed) closed.abort();
  socket.once('close', () => {
    closed.abort();
  });
  signals.set(socket, closed.signal);
  return closed.signal;
}

/**
 * The client's IP address, if it is known for sure; else empty. What a proxy wrote that is no address stands for nobody, and
 * not for the proxy.
 */
export function knownAddressOf({ ip, socket }: ClientRequest): string {
  return (ip === undefined ? socket?.remoteAddress : plainAddress(ip)) ?? '';
}

/** The client's IP address; empty if it is unknown. Where the proxy wrote something else, the proxy's own. */
export function addressOf({ ip = '', socket }: ClientRequest): string {
  return plainAddress(ip) ?? socket?.remoteAddress ?? '';
}

/**
 * The client that an address stands for: an IPv4 address, or the first 64 bits of an IPv6 address (RFC 4291), since its
 * holder has all 2^64 addresses of that network.
 */
export function networkOf(address: string): string {
  const [plain = ''] = address.split('%');
  return ipaddr.isValid(plain) ? ipaddr.process(plain).toByteArray().slice(0, NETWORK_BYTES).join('.') : address;
}
