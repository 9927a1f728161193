import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { context, propagation, ROOT_CONTEXT, trace } from '@opentelemetry/api';
import { InMemorySpanExporter, NodeTracerProvider, SimpleSpanProcessor } from '@opentelemetry/sdk-trace-node';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it, jest } from '@jest/globals';
import { times, until } from '../testing/patience.js';
import { aPatientVerifierOf, outcomeOf } from '../testing/verifier.js';
import { answering, aToken, good, VerifyService } from '../testing/verify-service.js';
import { findTracing } from './tracing.js';

const SCOPE = 'of a request';
const REGISTERED = Symbol.for('opentelemetry.js.api.1');
const exporter = new InMemorySpanExporter();
const service = new VerifyService();

beforeAll(() => service.start());
afterAll(() => service.stop());
beforeEach(() => {
  exporter.reset();
  new NodeTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] }).register();
});

afterEach(() => {
  for (const api of [trace, context, propagation]) api.disable();
});

it('has each call in the trace of its own request, also of one that has waited for the end of another', async () => {
  const { verifier } = aPatientVerifierOf(service);
  const held: (() => void)[] = [];
  service.behaviour = (...asked) => void held.push(() => answering(200, good())(...asked));
  const requests = times(70, (index) => {
    const span = trace.getTracer(SCOPE).startSpan(String(index), {}, ROOT_CONTEXT);
    const outcome = context.with(trace.setSpan(ROOT_CONTEXT, span), () => outcomeOf(verifier, aToken(index)));
    return { span, outcome };
  });
  await until(() => held.length >= 64);
  service.behaviour = answering(200, good());
  for (const answer of held) answer();
  expect(new Set(await Promise.all(requests.map(({ outcome }) => outcome)))).toEqual(new Set(['accepted']));
  const parents = exporter.getFinishedSpans().map(({ parentSpanContext }) => parentSpanContext?.spanId);
  expect(parents.sort()).toEqual(requests.map(({ span }) => span.spanContext().spanId).sort());
});

it('sends one traceparent, whoever else instruments fetch', async () => {
  // As @opentelemetry/instrumentation-undici does.
  const instrument = (message: unknown): void => {
    const { request } = message as { request: { addHeader: (name: string, value: string) => void } };
    const span = trace.getTracer('of fetch').startSpan('fetch');
    const headers: Record<string, string> = {};
    propagation.inject(trace.setSpan(context.active(), span), headers);
    for (const [name, value] of Object.entries(headers)) request.addHeader(name, value);
    span.end();
  };
  subscribe('undici:request:create', instrument);
  expect(await outcomeOf(aPatientVerifierOf(service).verifier, aToken())).toBe('accepted');
  unsubscribe('undici:request:create', instrument);
  const spans = exporter.getFinishedSpans();
  const { traceId, spanId } = spans.find(({ name }) => name === 'POST /v1/identity/api-keys/verify')!.spanContext();
  // Other requests of this process, such as one that a verifier of another test repeats, are in traces of their own.
  expect(spans.filter((span) => span.spanContext().traceId === traceId)).toHaveLength(1);
  expect(service.lastHeaders['traceparent']).toBe(`00-${traceId}-${spanId}-01`);
});

it('warns of a tracer provider that it cannot use, and says what to do', () => {
  const registry = globalThis as { [REGISTERED]?: object };
  const registered = registry[REGISTERED]!;
  registry[REGISTERED] = { version: '1.0.0', trace: {} };
  const warn = jest.spyOn(process, 'emitWarning').mockReturnValue();
  expect(findTracing()).toBeUndefined();
  registry[REGISTERED] = registered;
  const advice = /^Feather Identity makes no spans: .* 1\.0\.0 is registered, .* is newer .* npm ls/;
  expect(warn.mock.calls).toEqual([[expect.stringMatching(advice)]]);
});
