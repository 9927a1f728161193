import { HttpException } from '@nestjs/common';
import { writeJson } from '../json/write.js';
import { ApiError, standardError } from './api-error.js';
import { hideTokens, RequestValidationError, type ValidationErrorDetail } from './request-validation-error.js';

/** A finished error response: status, headers and JSON text. `cause` is what to log, if anything. */
export interface ErrorAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly cause?: unknown;
}

/** The response for anything that was thrown. What is unknown becomes a 500 that reveals nothing. */
export function errorAnswer(exception: unknown): ErrorAnswer {
  if (exception instanceof ApiError) return apiErrorAnswer(exception);
  if (exception instanceof RequestValidationError) {
    const body = `{"detail":[${exception.detail.map(writeDetail).join(',')}]}`;
    return { status: 422, headers: exception.headers, body: hideTokens(body) };
  }
  const status = clientStatus(exception);
  if (status !== undefined) return standardAnswer(status);
  return { ...standardAnswer(500), cause: exception };
}

/** The response for a status alone, with its fixed message. */
export function standardAnswer(status: number): ErrorAnswer {
  return { status, headers: {}, body: JSON.stringify(standardError(status)) };
}

function apiErrorAnswer(error: ApiError): ErrorAnswer {
  const status = error.getStatus();
  const cause = error.cause === undefined || status < 500 ? {} : { cause: error.cause };
  return { status, headers: error.headers, body: JSON.stringify(error.getResponse()), ...cause };
}

function writeDetail({ type, loc, msg, input, ctx }: ValidationErrorDetail): string {
  const place = loc.map((part) => (typeof part === 'number' ? String(part) : writeJson(part))).join(',');
  const head = `"type":${JSON.stringify(type)},"loc":[${place}],"msg":${JSON.stringify(msg)}`;
  const echo = input === undefined ? '' : `,"input":${writeJson(input)}`;
  return `{${head}${echo}${ctx === undefined ? '' : `,"ctx":${JSON.stringify(ctx)}`}}`;
}

function clientStatus(exception: unknown): number | undefined {
  if (exception instanceof HttpException) {
    const status = exception.getStatus();
    return status >= 400 && status !== 500 ? status : undefined;
  }
  if (!(exception instanceof Error)) return undefined;
  const { code, statusCode } = exception as Error & { code?: unknown; statusCode?: unknown };
  // Only errors of Fastify, and the broken body stream that it marks. The `statusCode` of an SDK is not about this request.
  const isTransport = typeof code === 'string' && (code.startsWith('FST_ERR_') || code === 'ECONNRESET');
  return isTransport && typeof statusCode === 'number' && statusCode >= 400 && statusCode < 500
    ? statusCode
    : undefined;
}
