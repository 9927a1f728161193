import { createRequire } from 'node:module';
import { setTimeout as sleep } from 'node:timers/promises';
import type * as OpenTelemetry from '@opentelemetry/api';

/** The instrumentation scope of all spans. */
const SCOPE = '@feather-identity';

/** What became of the work of a span: `accepted`, or the name of a refusal. */
export const OUTCOME = 'feather.outcome';

/** Where each copy of `@opentelemetry/api` 1 finds what another copy has registered. */
const REGISTERED = Symbol.for('opentelemetry.js.api.1');

/** With it in a context, instrumentation of the SDK makes no spans and writes no headers. */
const SUPPRESSED = 'OpenTelemetry SDK Context Key SUPPRESS_TRACING';

/** What a span says from its start. */
export interface SpanStart {
  /** Default: work inside of this process. */
  readonly kind?: 'client' | 'server';
  /** Default: none. */
  readonly attributes?: OpenTelemetry.Attributes;
  /** Default: what is active. */
  readonly parent?: OpenTelemetry.Context;
  /** The name of a refusal, which is no fault; undefined for every other error. Default: each error is a fault. */
  readonly refusalOf?: (error: unknown) => string | undefined;
}

/** Creates spans. No attribute contains a text that a client sent, because it may be a key. */
export class Tracing {
  readonly #tracer: OpenTelemetry.Tracer;

  constructor(private readonly api: typeof OpenTelemetry) {
    this.#tracer = api.trace.getTracer(SCOPE);
  }

  /** Whether there is a span that another one could be a part of. */
  get isInSpan(): boolean {
    return this.api.trace.getActiveSpan() !== undefined;
  }

  /**
   * The active context if it has a span, since the headers were then read already; otherwise the context from the
   * headers.
   */
  contextOf(headers: object): OpenTelemetry.Context {
    const active = this.api.context.active();
    return this.isInSpan ? active : this.api.propagation.extract(active, headers);
  }

  /** Runs `work` inside a span, which ends with it. Rethrows the errors of `work`. */
  async run<T>(
    name: string,
    { kind, attributes, parent = this.api.context.active(), refusalOf }: SpanStart,
    work: (span: OpenTelemetry.Span) => Promise<T>,
  ): Promise<T> {
    const span = this.#tracer.startSpan(name, { kind: this.kindOf(kind), ...(attributes && { attributes }) }, parent);
    try {
      return await this.api.context.with(this.api.trace.setSpan(parent, span), work, undefined, span);
    } catch (error) {
      const refusal = refusalOf?.(error);
      if (refusal === undefined) this.fail(span, typeOf(error));
      else span.setAttribute(OUTCOME, refusal);
      throw error;
    } finally {
      span.end();
    }
  }

  /** Marks a span as failed. The log has the message: it may hold what a client has sent. */
  fail(span: OpenTelemetry.Span, type: string): void {
    span.setAttribute('error.type', type);
    span.setStatus({ code: this.api.SpanStatusCode.ERROR });
  }

  /** Sends a request of the active span: the receiver learns of it, and nobody else makes a span or a header of it. */
  send(request: Request): Promise<Response> {
    const { api } = this;
    const active = api.context.active();
    api.propagation.inject(active, request.headers, {
      set: (headers, name, value) => {
        headers.set(name, value);
      },
    });
    // Two instrumentations of one request would send two `traceparent`, which no service can read.
    return api.context.with(active.setValue(api.createContextKey(SUPPRESSED), true), () => fetch(request));
  }

  /** Has the SDK send the spans that have ended, for at most so many milliseconds. */
  async flush(milliseconds: number): Promise<void> {
    const provider = this.api.trace.getTracerProvider() as { readonly getDelegate?: () => object };
    // What the API hands out only forwards `getTracer`.
    const registered: { readonly forceFlush?: () => Promise<void> } = provider.getDelegate?.() ?? provider;
    const sent = registered.forceFlush?.().catch(() => undefined);
    await Promise.race([sent, sleep(milliseconds, undefined, { ref: false })]);
  }

  private kindOf(kind: SpanStart['kind']): OpenTelemetry.SpanKind {
    const { CLIENT, SERVER, INTERNAL } = this.api.SpanKind;
    return kind === undefined ? INTERNAL : kind === 'client' ? CLIENT : SERVER;
  }
}

/**
 * The application's tracer provider of OpenTelemetry, if it was registered before this call. Without one,
 * `@opentelemetry/api` is not even loaded.
 *
 * @returns undefined without a tracer provider, and, with a warning, if its version of the API cannot be used here
 */
export function findTracing(): Tracing | undefined {
  const registered = (globalThis as { [REGISTERED]?: { readonly trace?: object; readonly version: string } })[
    REGISTERED
  ];
  if (registered?.trace === undefined) return undefined;
  const api = load();
  if (api?.trace.getTracerProvider() === registered.trace) return new Tracing(api);
  const found = api === undefined ? 'is not installed' : 'is newer';
  process.emitWarning(
    `Feather Identity makes no spans: a tracer provider of @opentelemetry/api ${registered.version} is registered, but the ` +
      `package ${found} where Feather Identity looks for it. Install one version for both: npm ls @opentelemetry/api`,
  );
  return undefined;
}

function load(): typeof OpenTelemetry | undefined {
  try {
    // Not by an import, which would need the package in every application, or be awaited.
    return createRequire(import.meta.url)('@opentelemetry/api') as typeof OpenTelemetry;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'MODULE_NOT_FOUND') return undefined;
    throw error;
  }
}

function typeOf(error: unknown): string {
  const { code, cause, name } = Object(error) as Readonly<Record<'code' | 'cause' | 'name', unknown>>;
  if (typeof code === 'string') return code;
  if (typeof cause === 'object' && cause !== null) return typeOf(cause);
  return typeof name === 'string' ? name : typeof error;
}
