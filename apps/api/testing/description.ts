import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import { type Answer, send } from './requests.js';
import type { Service } from './service.js';

/** A schema, or any other object of the document. */
export type Described = Readonly<Record<string, unknown>>;

interface Media {
  readonly schema: Described;
  readonly example?: unknown;
  readonly examples?: Readonly<Record<string, { readonly value: unknown }>>;
}

/** By media type. */
type Content = Readonly<Record<string, Media>>;

interface ResponseObject {
  readonly content?: Content;
  readonly headers: Described;
  readonly $ref?: string;
}

/** An operation as the document describes it. */
export interface DescribedOperation {
  /** Such as `get /v1/identity/whoami`. */
  readonly name: string;
  readonly operationId: string;
  readonly method: string;
  readonly path: string;
  readonly parameters: readonly { readonly name: string; readonly in: string; readonly schema: Described }[];
  readonly requestBody?: { readonly content: { readonly 'application/json': Media } };
  readonly responses: Readonly<Record<string, ResponseObject>>;
}

const OPERATOR_API = '/v1/operator';

/** Headers that an answer has for its client; all others belong to the transport. */
const TELLING = /^(?:www-authenticate|retry-after|ratelimit|ratelimit-policy|link|allow|x-(?!content-type-options).*)$/;

/** The OpenAPI document that the service serves, and what it says of an answer. */
export class Description {
  /** Those for keys of organizations. */
  readonly operations: readonly DescribedOperation[];
  /** Those for operator keys. */
  readonly operatorOperations: readonly DescribedOperation[];
  readonly #ajv = new Ajv2020({ strict: false, allErrors: true });
  readonly #validators = new Map<string, ValidateFunction>();

  private constructor(readonly document: Described) {
    formats.default(this.#ajv);
    this.#ajv.addSchema(document, 'document');
    const { paths } = document as { readonly paths: Record<string, Record<string, DescribedOperation>> };
    const all = Object.entries(paths).flatMap(([path, item]) =>
      Object.entries(item).map(([verb, one]) => ({
        ...one,
        name: `${verb} ${path}`,
        method: verb.toUpperCase(),
        path,
      })),
    );
    this.operations = all.filter(({ path }) => !path.startsWith(OPERATOR_API));
    this.operatorOperations = all.filter(({ path }) => path.startsWith(OPERATOR_API));
  }

  static async of(service: Pick<Service, 'port'>): Promise<Description> {
    return new Description((await send(service, 'GET', '/openapi.json')).body as Described);
  }

  /** The response of a status; undefined if the operation has none. */
  response({ responses }: DescribedOperation, status: number): ResponseObject | undefined {
    const response = responses[String(status)];
    return response?.$ref === undefined ? response : (this.at(response.$ref.slice(1)) as ResponseObject);
  }

  /** What an answer has and the document does not say. */
  faults(operation: DescribedOperation, { status, headers, body, text }: Answer): string[] {
    const response = this.response(operation, status);
    if (response === undefined) return [`${status} is not documented`];
    const documented = Object.keys(response.headers).map((name) => name.toLowerCase());
    const unknown = [...headers.keys()].filter((name) => TELLING.test(name) && !documented.includes(name));
    return [
      ...unknown.map((name) => `${name} of ${status} is not documented`),
      ...(response.content === undefined
        ? [text].filter(Boolean).map(() => `the body of ${status} is not documented`)
        : this.contentFaults(response.content, { headers, body, text })),
      ...(status < 400 || status === 422 ? [] : errorFaults(response, body)),
    ];
  }

  private contentFaults(
    content: Content,
    { headers, body, text }: Pick<Answer, 'headers' | 'body' | 'text'>,
  ): string[] {
    const [type = ''] = (headers.get('content-type') ?? '').split(';');
    const media = content[type];
    return media === undefined ? [`${type} is not documented`] : this.schemaFaults(media.schema, body ?? text);
  }

  /** Where a value breaks a schema of the document. */
  schemaFaults(schema: Described, value: unknown): string[] {
    const text = JSON.stringify(schema).replaceAll('"$ref":"#', '"$ref":"document#');
    const validate = this.#validators.get(text) ?? this.#ajv.compile(JSON.parse(text) as Described);
    this.#validators.set(text, validate);
    return validate(value) ? [] : [this.#ajv.errorsText(validate.errors)];
  }

  private at(pointer: string): unknown {
    return pointer
      .split('/')
      .slice(1)
      .reduce<unknown>((value, name) => (value as Described)[name], this.document);
  }
}

/** The examples of a body. */
export function examplesOf({ example, examples = {} }: Media): readonly unknown[] {
  return [...(example === undefined ? [] : [example]), ...Object.values(examples).map(({ value }) => value)];
}

function errorFaults({ content }: ResponseObject, body: unknown): string[] {
  const codes = Object.values(content ?? {}).flatMap((media) => examplesOf(media).map(errorOf));
  return codes.includes(errorOf(body)) ? [] : [`${String(errorOf(body))} is not documented`];
}

const errorOf = (body: unknown) => (body as Described)['error'];
