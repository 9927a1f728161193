import { HttpException } from '@nestjs/common';
import { type JsonValue, toPlain } from '../json/json-value.js';

/** One entry of a 422 body, as FastAPI writes it. */
export interface ValidationErrorDetail {
  /** Pydantic's error type, like `string_too_short`. */
  readonly type: string;
  /** Where the input is: `body`, `path` or `query`, then names of fields and indexes of items. */
  readonly loc: readonly (string | number)[];
  /** Pydantic's message. */
  readonly msg: string;
  /** What was sent, unless it may be a secret. */
  readonly input?: JsonValue;
  /** The values that the message was made from. */
  readonly ctx?: Readonly<Record<string, unknown>>;
}

/**
 * The request was understood, but breaks its schema: 422 with every issue that was found. The validation pipes throw it;
 * an application may throw it for checks of its own.
 */
export class RequestValidationError extends HttpException {
  /**
   * @param detail - What is wrong, in FastAPI's order: fields as declared, then fields that the class does not have.
   * @param headers - Headers of the answer, beside those that every answer has. Default: none.
   */
  constructor(
    readonly detail: readonly ValidationErrorDetail[],
    readonly headers: Readonly<Record<string, string>> = {},
  ) {
    super('The request breaks its schema.', 422);
  }

  /** The body for filters other than `ApiErrorFilter`, as plain data without anything spelled like a token. */
  override getResponse(): object {
    return JSON.parse(hideTokens(JSON.stringify({ detail: this.detail.map(toPlainDetail) }))) as object;
  }

  /** The same issues without what was sent. */
  withoutInputs(): RequestValidationError {
    return new RequestValidationError(this.detail.map(withoutInput), this.headers);
  }
}

function withoutInput({ type, loc, msg, ctx }: ValidationErrorDetail): ValidationErrorDetail {
  return { type, loc, msg, ...(ctx === undefined ? {} : { ctx }) };
}

/** Plain data, in which large numbers lose digits. */
function toPlainDetail(detail: ValidationErrorDetail): object {
  return detail.input === undefined ? detail : { ...detail, input: toPlain(detail.input) };
}

/** The spelling of API keys: two words, then many letters and digits. The public part of a key is shorter. */
const TOKEN = /[a-z][a-z0-9]{1,15}_[a-z][a-z0-9]{1,15}_[0-9A-Za-z]{30,}/g;

/** Replaces everything that may be an API key, which a client may have put into the wrong field. */
export function hideTokens(text: string): string {
  return text.replace(TOKEN, '***');
}
