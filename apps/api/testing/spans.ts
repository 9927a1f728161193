import { setTimeout as sleep } from 'node:timers/promises';
import { context, propagation, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import {
  InMemorySpanExporter,
  NodeTracerProvider,
  type ReadableSpan,
  SimpleSpanProcessor,
} from '@opentelemetry/sdk-trace-node';

/** How long a span is waited for, in milliseconds. */
const PATIENCE_MS = 5000;

/** The spans of what is created until it is closed, made by OpenTelemetry's own SDK. */
export class Spans {
  readonly #exporter = new InMemorySpanExporter();

  constructor() {
    new NodeTracerProvider({ spanProcessors: [new SimpleSpanProcessor(this.#exporter)] }).register();
  }

  get all(): readonly ReadableSpan[] {
    return this.#exporter.getFinishedSpans();
  }

  /** Waits for another span of this name to end. */
  async next(name: string): Promise<void> {
    const count = () => this.all.filter((span) => span.name === name).length;
    const before = count();
    await until(() => count() > before);
  }

  /** The spans that `work` makes, until so many requests have been served. */
  async of(work: () => Promise<unknown>, requests = 1): Promise<readonly ReadableSpan[]> {
    const before = this.all.length;
    await work();
    // A span of a request ends when its answer is sent, which the client may know before.
    const made = () => this.all.slice(before);
    await until(() => made().filter(({ kind }) => kind === SpanKind.SERVER).length >= requests);
    return made();
  }

  close(): void {
    for (const api of [trace, context, propagation]) api.disable();
  }
}

async function until(condition: () => boolean): Promise<void> {
  const deadline = performance.now() + PATIENCE_MS;
  while (!condition() && performance.now() < deadline) await sleep(1);
}

/** One line a span, in the order in which they began, each below the one that it is a part of. */
export function treeOf(spans: readonly ReadableSpan[]): string[] {
  const ids = new Set(spans.map((span) => span.spanContext().spanId));
  const linesBelow = (parent: string | undefined, indent: string): string[] =>
    spans
      .filter(({ parentSpanContext: { spanId } = {} }) => (ids.has(spanId ?? '') ? spanId : undefined) === parent)
      .sort((a, b) => a.startTime[0] - b.startTime[0] || a.startTime[1] - b.startTime[1])
      .flatMap((span) => [indent + lineOf(span), ...linesBelow(span.spanContext().spanId, `${indent}  `)]);
  return linesBelow(undefined, '');
}

function lineOf({ name, status, attributes }: ReadableSpan): string {
  const { 'feather.outcome': outcome, 'error.type': error, 'http.response.status_code': code } = attributes;
  const failed = status.code === SpanStatusCode.ERROR ? `failed: ${String(error)}` : undefined;
  return [name, code, outcome, failed].filter((part) => part !== undefined).join(' ');
}
