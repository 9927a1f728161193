import { HttpException } from '@nestjs/common';
import { type JsonValue, toPlain } from '../json/json-value.js';

/**
 * One entry of a 422 body as FastAPI writes it: Pydantic v2's error type, where it is, its message, the offending
 * input (unless it may be a secret) and, for some types, the context the message was made from.
 */
export interface ValidationErrorDetail {
  readonly type: string;
  readonly loc: readonly (string | number)[];
  readonly msg: string;
  readonly input?: JsonValue;
  readonly ctx?: Readonly<Record<string, unknown>>;
}

/** The request is understood but breaks its schema: 422 with every fault found, in FastAPI's order. */
export class RequestValidationError extends HttpException {
  constructor(readonly detail: readonly ValidationErrorDetail[]) {
    super('The request breaks its schema.', 422);
  }

  override getResponse(): object {
    return JSON.parse(hideTokens(JSON.stringify({ detail: this.detail.map(toPlainDetail) }))) as object;
  }

  /** The same faults without what was sent. */
  withoutInputs(): RequestValidationError {
    return new RequestValidationError(this.detail.map(withoutInput));
  }
}

function withoutInput({ type, loc, msg, ctx }: ValidationErrorDetail): ValidationErrorDetail {
  return { type, loc, msg, ...(ctx === undefined ? {} : { ctx }) };
}

/** For applications whose own filter writes the body: numbers may lose digits there. */
function toPlainDetail(detail: ValidationErrorDetail): object {
  return detail.input === undefined ? detail : { ...detail, input: toPlain(detail.input) };
}

/** How API keys of this kind are spelled: two words and a long run of letters and digits. A public part is shorter. */
const TOKEN = /[a-z][a-z0-9]{1,15}_[a-z][a-z0-9]{1,15}_[0-9A-Za-z]{30,}/g;

/** The text without what may be an API key that somebody has put into the wrong place. */
export function hideTokens(text: string): string {
  return text.replace(TOKEN, '***');
}
