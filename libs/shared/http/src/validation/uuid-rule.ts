import { ValidationIssue, parsingIssue, type Rule } from './validation-issue.js';
import { wellFormed } from './text-rules.js';

const HEX = /^[0-9a-f]$/i;
const GROUPS = /^([0-9a-f]{8})-?([0-9a-f]{4})-?([0-9a-f]{4})-?([0-9a-f]{4})-?([0-9a-f]{12})$/i;
const URN = 'urn:uuid:';
const GROUP_STARTS = [0, 9, 14, 19, 24] as const;
const GROUP_LENGTHS = [8, 4, 4, 4, 12] as const;
const SIMPLE_LENGTH = 32;
const HYPHENATED_LENGTH = 36;

/** Reads a UUID in any form that Pydantic v2 knows as canonical lower-case text. `version`: refuses any other one. */
export function readUuid(version?: number): Rule {
  const readText = wellFormed((text) => {
    const { inner } = unwrap(text);
    const isSimple = text.length === SIMPLE_LENGTH;
    const groups = isSimple || inner.length === HYPHENATED_LENGTH ? GROUPS.exec(inner) : null;
    if (groups === null || (!isSimple && inner.split('-').length !== GROUP_STARTS.length)) return uuidIssue(text);
    const canonical = groups.slice(1).join('-').toLowerCase();
    if (version === undefined || canonical[14] === String(version)) return canonical;
    return new ValidationIssue('uuid_version', `UUID version ${version} expected`, { expected_version: version });
  });
  return (value) => {
    if (typeof value === 'string') return readText(value);
    return new ValidationIssue('uuid_type', 'UUID input should be a string, bytes or UUID object');
  };
}

function unwrap(text: string): { inner: string; offset: number } {
  if (text.length > 1 && text.startsWith('{') && text.endsWith('}')) return { inner: text.slice(1, -1), offset: 1 };
  return text.startsWith(URN) ? { inner: text.slice(URN.length), offset: URN.length } : { inner: text, offset: 0 };
}

// The order and the arithmetic of the uuid crate (1.23), which looks at a wrapped text of 36 bytes on its own.
function uuidIssue(text: string): ValidationIssue {
  const { inner, offset } = unwrap(text);
  if (offset > 0 && Buffer.byteLength(inner) === HYPHENATED_LENGTH) return describe(inner, inner, 0);
  return describe(text, inner, offset);
}

function describe(whole: string, inner: string, offset: number): ValidationIssue {
  const characters = [...inner];
  const stranger = characters.findIndex((character) => character !== '-' && !HEX.test(character));
  if (stranger !== -1) {
    return uuidParsing(`invalid character: found \`${characters[stranger]}\` at ${stranger + offset + 1}`);
  }
  const groups = inner.split('-');
  if (groups.length === 1 && offset === 0) {
    return uuidParsing(`invalid length: expected length ${SIMPLE_LENGTH} for simple format, found ${whole.length}`);
  }
  if (groups.length !== GROUP_STARTS.length) {
    return uuidParsing(`invalid group count: expected ${GROUP_STARTS.length}, found ${groups.length}`);
  }
  return wrongGroup(whole, groups);
}

function wrongGroup(whole: string, groups: readonly string[]): ValidationIssue {
  const wrong = groups.slice(0, -1).findIndex((group, index) => group.length !== GROUP_LENGTHS[index]);
  const group = wrong === -1 ? GROUP_STARTS.length - 1 : wrong;
  // The last length is counted from where the group should start to the end of the text, wrapper included.
  const found = wrong === -1 ? whole.length - GROUP_STARTS[4] : (groups[group] ?? '').length;
  return uuidParsing(
    `invalid group length in group ${group}: expected ${GROUP_LENGTHS[group as 0 | 1 | 2 | 3 | 4]}, found ${found}`,
  );
}

function uuidParsing(error: string): ValidationIssue {
  return parsingIssue('uuid_parsing', 'UUID', error);
}
