import { findTracing, type Tracing } from '@feather-identity/client/tracing';
import type { IdentityPorts } from '@feather-identity/core';
import { refusalOf } from './refusal-of.js';

/** The ports that requests wait for, and what they are called in a span. */
const TRACED = {
  apiKeys: 'ApiKeyRepository',
  organizations: 'OrganizationRepository',
  members: 'MemberRepository',
  operatorKeys: 'OperatorKeyRepository',
  auditLog: 'AuditLog',
  quotaUses: 'QuotaUses',
  usageCounts: 'UsageCounts',
  consoleSessions: 'ConsoleSessions',
  secretHasher: 'SecretHasher',
} as const satisfies Partial<Record<keyof IdentityPorts, string>>;

type Method = (...args: unknown[]) => Promise<unknown>;

/**
 * The ports with a span for each call, such as `ApiKeyRepository.insert`, inside of a span of the application's: periodic
 * jobs make none. Without a tracer provider, the ports as they are.
 */
export function tracedPorts(ports: IdentityPorts): IdentityPorts {
  const tracing = findTracing();
  if (tracing === undefined) return ports;
  const { joinTransaction } = ports;
  return {
    ...traced(tracing, ports),
    joinTransaction: joinTransaction && ((transaction) => traced(tracing, joinTransaction(transaction))),
  };
}

function traced<Ports extends Partial<IdentityPorts>>(tracing: Tracing, ports: Ports): Ports {
  const named = Object.entries(ports).map(([name, port]) => {
    const title = (TRACED as Readonly<Record<string, string>>)[name];
    return [name, title === undefined ? port : tracedPort(tracing, title, port as object)] as const;
  });
  return Object.fromEntries(named) as Ports;
}

function tracedPort<Port extends object>(tracing: Tracing, title: string, port: Port): Port {
  const methods = new Map<PropertyKey, Method>();
  return new Proxy(port, {
    get(target, property) {
      // With the port itself as `this`, for its private members.
      const value: unknown = Reflect.get(target, property, target);
      if (typeof value !== 'function') return value;
      const known = methods.get(property);
      if (known !== undefined) return known;
      const name = `${title}.${String(property)}`;
      const call: Method = (...args) => {
        const work = () => (value as Method).apply(target, args);
        return tracing.isInSpan ? tracing.run(name, { refusalOf }, work) : work();
      };
      methods.set(property, call);
      return call;
    },
  });
}
