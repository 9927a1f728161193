import { context, propagation, ROOT_CONTEXT, trace } from '@opentelemetry/api';
import { InMemorySpanExporter, NodeTracerProvider, SimpleSpanProcessor } from '@opentelemetry/sdk-trace-node';
import { afterEach, expect, it, jest } from '@jest/globals';
import { times, until } from '../testing/patience.js';
import { aPatientVerifierOf, outcomeOf } from '../testing/verifier.js';
import { answering, aToken, good, VerifyService } from '../testing/verify-service.js';
import { findTracing } from './tracing.js';

const SCOPE = 'of a request';
const REGISTERED = Symbol.for('opentelemetry.js.api.1');
const exporter = new InMemorySpanExporter();

afterEach(() => {
  for (const api of [trace, context, propagation]) api.disable();
});

it('has each call in the trace of its own request, also of one that has waited for the end of another', async () => {
  new NodeTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] }).register();
  const service = new VerifyService();
  await service.start();
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
  await service.stop();
  const parents = exporter.getFinishedSpans().map(({ parentSpanContext }) => parentSpanContext?.spanId);
  expect(parents.sort()).toEqual(requests.map(({ span }) => span.spanContext().spanId).sort());
});

it('warns of a tracer provider that it cannot use, and says what to do', () => {
  const registry = globalThis as { [REGISTERED]?: object };
  const registered = registry[REGISTERED];
  registry[REGISTERED] = { version: '1.0.0', trace: {} };
  const warn = jest.spyOn(process, 'emitWarning').mockReturnValue();
  expect(findTracing()).toBeUndefined();
  if (registered === undefined) delete registry[REGISTERED];
  else registry[REGISTERED] = registered;
  const advice = /^Feather Identity makes no spans: .* 1\.0\.0 is registered, .* is newer .* npm ls/;
  expect(warn.mock.calls).toEqual([[expect.stringMatching(advice)]]);
});
