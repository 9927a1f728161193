import type { JsonValue } from './json-value.js';

// SQLAlchemy's bookkeeping keys, which FastAPI's jsonable_encoder leaves out of everything it echoes.
const HIDDEN_KEY = '_sa';

/** Serialises as Python's json.dumps(ensure_ascii=False) does, without the keys that FastAPI never echoes. */
export function writeJson(value: JsonValue): string {
  switch (typeof value) {
    case 'string':
      return writeString(value);
    case 'bigint':
      return value.toString();
    case 'number':
      return writeFloat(value);
    case 'boolean':
      return String(value);
    default:
      return value === null ? 'null' : writeContainer(value);
  }
}

function writeContainer(value: JsonValue[] | Map<string, JsonValue>): string {
  if (Array.isArray(value)) return `[${value.map(writeJson).join(',')}]`;
  const entries = [...value].filter(([key]) => !key.startsWith(HIDDEN_KEY));
  return `{${entries.map(([key, item]) => `${writeString(key)}:${writeJson(item)}`).join(',')}}`;
}

function writeString(text: string): string {
  // A lone surrogate has no UTF-8 form, and many parsers refuse its escape: FastAPI answers 500 here, we do not.
  return JSON.stringify(text.replace(/\p{Surrogate}/gu, '\uFFFD'));
}

function writeFloat(value: number): string {
  // JSON has no NaN or Infinity; FastAPI answers 500 here, we echo null.
  if (!Number.isFinite(value)) return 'null';
  if (Object.is(value, -0)) return '-0.0';
  const [digits, power] = value.toExponential().split('e') as [string, string];
  const exponent = Number(power);
  // The bounds of Python's repr(float).
  if (exponent >= -4 && exponent < 16) return Number.isInteger(value) ? `${value}.0` : String(value);
  return `${digits}e${exponent < 0 ? '-' : '+'}${String(Math.abs(exponent)).padStart(2, '0')}`;
}
