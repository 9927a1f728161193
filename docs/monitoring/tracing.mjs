// Sends spans by OTLP, to http://localhost:4318 or where OTEL_EXPORTER_OTLP_ENDPOINT says. It must run before the service:
// node --import ./docs/monitoring/tracing.mjs apps/api/dist/main.js
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { defaultResource, detectResources, envDetector } from '@opentelemetry/resources';
import { BatchSpanProcessor, NodeTracerProvider } from '@opentelemetry/sdk-trace-node';

if (process.env.OTEL_SDK_DISABLED !== 'true') {
  new NodeTracerProvider({
    // OTEL_SERVICE_NAME, OTEL_RESOURCE_ATTRIBUTES
    resource: defaultResource().merge(detectResources({ detectors: [envDetector] })),
    spanProcessors: [new BatchSpanProcessor(new OTLPTraceExporter())],
  }).register();
}
