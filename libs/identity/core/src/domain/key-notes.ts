import { isStorableText } from './display-name.js';
import { IdentityError } from './identity-error.js';
import type { JsonObject, JsonValue } from './json-object.js';

/** Notes of people and programs on a key. They do not affect what the key may do. */
export interface KeyNotes {
  /** At most 1,000 characters. Null or empty for none. */
  readonly description?: string | null | undefined;
  /** At most 20, each once, as `KEY_NOTE_RULES.labelPattern` says. */
  readonly labels?: readonly string[] | undefined;
  /** For the application that the key is shown to (`Caller.apiKey.metadata`): at most 4 KiB of JSON. Null for none. */
  readonly metadata?: JsonObject | null | undefined;
}

/** Notes that have been checked, as `ApiKey` has them. */
export interface StoredKeyNotes {
  readonly description?: string | null;
  readonly labels?: readonly string[];
  readonly metadata?: JsonObject | null;
}

/** The bounds of `KeyNotes`, for descriptions of an API. The pattern is a regular expression as in JSON Schema. */
export const KEY_NOTE_RULES = {
  /** Code points of a description. */
  maxDescriptionLength: 1000,
  /** Labels of one key. */
  maxLabels: 20,
  maxLabelLength: 63,
  /** Lower-case letters, digits and, between them, `.`, `_`, `:`, `/` and `-`. */
  labelPattern: '^[a-z0-9](?:[a-z0-9._:/-]*[a-z0-9])?$',
  /** Bytes of the metadata as JSON without spaces, in UTF-8. */
  maxMetadataBytes: 4096,
  /** Objects and lists inside one another, the metadata itself included. */
  maxMetadataDepth: 8,
} as const;

const LABEL = new RegExp(KEY_NOTE_RULES.labelPattern);

/** Whether a key can have this label. */
export function isLabel(text: string): boolean {
  return text.length <= KEY_NOTE_RULES.maxLabelLength && LABEL.test(text);
}

/**
 * The given notes as they are stored; omitted ones stay omitted.
 *
 * @throws IdentityError `api_key.description_invalid`, `api_key.labels_invalid` or `api_key.metadata_invalid`
 */
export function storedNotes({ description, labels, metadata }: KeyNotes): StoredKeyNotes {
  return {
    ...(description === undefined ? {} : { description: storedDescription(description) }),
    ...(labels === undefined ? {} : { labels: storedLabels(labels) }),
    ...(metadata === undefined ? {} : { metadata: metadata && storedMetadata(metadata) }),
  };
}

function storedDescription(description: string | null): string | null {
  const { maxDescriptionLength: limit } = KEY_NOTE_RULES;
  if (description === null || description === '') return null;
  if (description.length <= 2 * limit && [...description].length <= limit && isStorableText(description)) {
    return description;
  }
  throw new IdentityError(
    'api_key.description_invalid',
    'The description of a key takes at most 1,000 characters, without NUL characters or lone surrogates.',
  );
}

function storedLabels(labels: readonly string[]): readonly string[] {
  const { maxLabels, maxLabelLength } = KEY_NOTE_RULES;
  if (labels.length > maxLabels) throw labelsInvalid(`A key takes at most ${maxLabels} labels.`);
  const wrong = labels.findIndex((label) => !isLabel(label));
  if (wrong !== -1) {
    const rule = 'of lower-case letters, digits and, between them, ".", "_", ":", "/" and "-"';
    throw labelsInvalid(`labels[${wrong}] is no label: 1 to ${maxLabelLength} characters, ${rule}.`);
  }
  const repeated = labels.findIndex((label, index) => labels.indexOf(label) < index);
  if (repeated !== -1) throw labelsInvalid(`labels[${repeated}] is there twice.`);
  return [...labels];
}

function storedMetadata(metadata: JsonObject): JsonObject {
  const { maxMetadataBytes, maxMetadataDepth } = KEY_NOTE_RULES;
  if (isDeeper(metadata, maxMetadataDepth)) {
    throw metadataInvalid(`metadata may have ${maxMetadataDepth} levels of objects and lists.`);
  }
  if (hasPrototypeName(metadata)) throw metadataInvalid('metadata must not have a field "__proto__".');
  const text = JSON.stringify(metadata);
  const bytes = Buffer.byteLength(text);
  if (bytes > maxMetadataBytes) {
    throw metadataInvalid(`metadata takes at most ${maxMetadataBytes} bytes as JSON. This is ${bytes} bytes.`);
  }
  return JSON.parse(text) as JsonObject;
}

function isDeeper(value: JsonValue, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return levels === 0 || Object.values(value).some((item: JsonValue) => isDeeper(item, levels - 1));
}

/** An application that copies the fields into an object of its own would change the prototype of that object. */
function hasPrototypeName(value: JsonValue): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return Object.hasOwn(value, '__proto__') || Object.values(value).some(hasPrototypeName);
}

function labelsInvalid(message: string): IdentityError {
  return new IdentityError('api_key.labels_invalid', message);
}

function metadataInvalid(message: string): IdentityError {
  return new IdentityError('api_key.metadata_invalid', message);
}
