import { isIP } from 'node:net';
import { URL } from 'node:url';
import { IdentityError } from './identity-error.js';

/** Most networks of one key. */
export const MAX_NETWORKS = 20;

/** Longer than any address with its prefix. */
const MAX_TEXT = 64;

const BITS = { 4: 32, 6: 128 } as const;

/** An address as a number. */
interface Address {
  readonly version: 4 | 6;
  readonly value: bigint;
}

/** The addresses that begin with the first `prefix` bits of `value`; its other bits are 0. */
interface Network extends Address {
  readonly prefix: number;
}

/**
 * Networks as they are stored: each as CIDR with the bits of the host removed, or an address alone. Addresses of IPv4 that
 * are written in IPv6 (`::ffff:192.0.2.1`) become IPv4. What is there twice is kept once.
 *
 * @throws IdentityError `api_key.networks_invalid`
 */
export function normalizeNetworks(networks: readonly string[]): readonly string[] {
  if (networks.length === 0)
    throw invalid('Empty allowed_networks would accept no address: name some, or null for all.');
  if (networks.length > MAX_NETWORKS) {
    throw invalid(`allowed_networks has at most ${MAX_NETWORKS} items, not ${networks.length}.`);
  }
  const normalized = networks.map((text, index) => {
    const network = readNetwork(text);
    if (network !== null) return spell(network);
    throw invalid(
      `allowed_networks[${index}] is neither an IP address nor a network such as 192.0.2.0/24 or 2001:db8::/32.`,
    );
  });
  return [...new Set(normalized)];
}

/** Whether a key with these networks is accepted from this address. An unknown address is in no network. */
export function acceptsAddress(networks: readonly string[] | null, address: string | null): boolean {
  return networks === null || networksOf(networks).accepts(address ?? '');
}

/** Whether each address of `networks` is in one of `bound`. */
export function areNetworksWithin(networks: readonly string[] | null, bound: readonly string[] | null): boolean {
  if (bound === null) return true;
  return networks !== null && networksOf(bound).cover(networksOf(networks));
}

class Networks {
  /** Clients of one key are few, and come again. */
  #lastAddress: string | undefined;
  #wasAccepted = false;

  constructor(private readonly networks: readonly Network[]) {}

  accepts(text: string): boolean {
    if (text !== this.#lastAddress) {
      const address = readAddress(text);
      this.#wasAccepted = address !== null && this.networks.some((network) => contains(network, address));
      this.#lastAddress = text;
    }
    return this.#wasAccepted;
  }

  cover({ networks }: Networks): boolean {
    return networks.every((inner) =>
      this.networks.some((outer) => outer.prefix <= inner.prefix && contains(outer, inner)),
    );
  }
}

/** Some 10 MB when full. */
const MAX_KNOWN = 10_000;

/** By their text: a repository may build the list anew for each request. */
const knownTexts = new Map<string, Networks>();

/** By their list, where it cannot change. */
const knownLists = new WeakMap<readonly string[], Networks>();

function networksOf(list: readonly string[]): Networks {
  const known = knownLists.get(list);
  if (known !== undefined) return known;
  const networks = networksOfText(list);
  if (Object.isFrozen(list)) knownLists.set(list, networks);
  return networks;
}

function networksOfText(list: readonly string[]): Networks {
  const text = list.join();
  const found = knownTexts.get(text);
  if (found !== undefined) return found;
  // A damaged one in the database accepts no address.
  const networks = new Networks(list.map(readNetwork).filter((network) => network !== null));
  if (knownTexts.size >= MAX_KNOWN) knownTexts.clear();
  knownTexts.set(text, networks);
  return networks;
}

function contains({ version, value, prefix }: Network, address: Address): boolean {
  if (version !== address.version) return false;
  const rest = BigInt(BITS[version] - prefix);
  return value >> rest === address.value >> rest;
}

function readNetwork(text: string): Network | null {
  if (text.length > MAX_TEXT) return null;
  const [, written = '', digits] = /^([0-9A-Fa-f:.]+)(?:\/(0|[1-9]\d{0,2}))?$/.exec(text) ?? [];
  const address = readAddress(written);
  if (address === null) return null;
  // The prefix of an address of IPv4 that is written in IPv6 counts the 96 bits before it, too.
  const mapped = address.version === 4 && written.includes(':') ? BITS[6] - BITS[4] : 0;
  const bits = BITS[address.version];
  const prefix = digits === undefined ? bits : Number(digits) - mapped;
  if (prefix < 0 || prefix > bits) return null;
  const rest = BigInt(bits - prefix);
  return { ...address, value: (address.value >> rest) << rest, prefix };
}

/** The address of a text, without the zone of a link-local one. `isIP` is strict: it takes no octal and no short forms. */
function readAddress(text: string): Address | null {
  const version = isIP(text);
  if (version === 4) return { version, value: BigInt(`0x${text.split('.').map(toHexByte).join('')}`) };
  if (version !== 6) return null;
  const value = BigInt(`0x${groupsOf(text).join('')}`);
  // RFC 4291, 2.5.5.2.
  return value >> 32n === 0xffffn ? { version: 4, value: value & 0xffff_ffffn } : { version, value };
}

/** The 8 groups of an IPv6 address, with 4 digits each. */
function groupsOf(text: string): string[] {
  const [address = ''] = text.split('%');
  // A URL spells it with groups of hexadecimal digits alone, and at most one `::`.
  const [head = '', tail] = new URL(`http://[${address}]`).hostname.slice(1, -1).split('::');
  const [first, last] = [head, tail ?? ''].map((part) => (part === '' ? [] : part.split(':'))) as [string[], string[]];
  const zeros = Array<string>(8 - first.length - last.length).fill('0');
  return [...first, ...zeros, ...last].map((group) => group.padStart(4, '0'));
}

function toHexByte(byte: string): string {
  return Number(byte).toString(16).padStart(2, '0');
}

/** In the words of RFC 5952 and 4632. */
function spell({ version, value, prefix }: Network): string {
  const address = version === 4 ? spellIPv4(value) : spellIPv6(value);
  return prefix === BITS[version] ? address : `${address}/${prefix}`;
}

function spellIPv4(value: bigint): string {
  return [24n, 16n, 8n, 0n].map((shift) => (value >> shift) & 0xffn).join('.');
}

function spellIPv6(value: bigint): string {
  const groups = value.toString(16).padStart(32, '0').match(/.{4}/g) ?? [];
  return new URL(`http://[${groups.join(':')}]`).hostname.slice(1, -1);
}

function invalid(message: string): IdentityError {
  return new IdentityError('api_key.networks_invalid', message);
}
