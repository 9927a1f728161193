/** Bytes that cannot be read as JSON text at all: bad encoding, nesting too deep, an integer too long. */
export class UnreadableJsonError extends Error {}

/**
 * Decodes JSON bytes as CPython's json.loads does: the encoding (UTF-8, UTF-16 or UTF-32, with or without a byte
 * order mark) is found from the bytes alone, and encoded surrogates pass. Throws UnreadableJsonError.
 */
export function decodeText(bytes: Buffer): string {
  if (startsWith(bytes, 0, 0, 0xfe, 0xff)) return decodeUtf32(bytes.subarray(4), true);
  if (startsWith(bytes, 0xff, 0xfe, 0, 0)) return decodeUtf32(bytes.subarray(4), false);
  if (startsWith(bytes, 0xfe, 0xff)) return decodeUtf16(bytes.subarray(2), true);
  if (startsWith(bytes, 0xff, 0xfe)) return decodeUtf16(bytes.subarray(2), false);
  if (startsWith(bytes, 0xef, 0xbb, 0xbf)) return decodeUtf8(bytes.subarray(3));
  return decodeUnmarked(bytes);
}

// JSON text starts with an ASCII character, so the zero bytes among the first four show the encoding (RFC 4627).
function decodeUnmarked(bytes: Buffer): string {
  const [first, second, third, fourth] = bytes;
  if (bytes.length >= 4) {
    if (first === 0) return second === 0 ? decodeUtf32(bytes, true) : decodeUtf16(bytes, true);
    if (second === 0) return third === 0 && fourth === 0 ? decodeUtf32(bytes, false) : decodeUtf16(bytes, false);
  } else if (bytes.length === 2) {
    if (first === 0) return decodeUtf16(bytes, true);
    if (second === 0) return decodeUtf16(bytes, false);
  }
  return decodeUtf8(bytes);
}

function startsWith(bytes: Buffer, ...mark: number[]): boolean {
  return mark.every((byte, index) => bytes[index] === byte);
}

function decodeUtf8(bytes: Buffer): string {
  let text = '';
  let start = 0;
  // Python's "surrogatepass" accepts ED A0..BF xx, which no other valid sequence contains, so the rest is plain UTF-8.
  for (let at = bytes.indexOf(0xed); at !== -1; at = bytes.indexOf(0xed, at + 1)) {
    const [second = 0, third = 0] = bytes.subarray(at + 1, at + 3);
    if (second < 0xa0 || second > 0xbf || third < 0x80 || third > 0xbf) continue;
    text += strictUtf8(bytes.subarray(start, at));
    text += String.fromCharCode(0xd000 | ((second & 0x3f) << 6) | (third & 0x3f));
    start = at + 3;
  }
  return text + strictUtf8(bytes.subarray(start));
}

function strictUtf8(bytes: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (cause) {
    throw new UnreadableJsonError('not UTF-8', { cause });
  }
}

function decodeUtf16(bytes: Buffer, bigEndian: boolean): string {
  if (bytes.length % 2 !== 0) throw new UnreadableJsonError('truncated UTF-16');
  return (bigEndian ? Buffer.from(bytes).swap16() : bytes).toString('utf16le');
}

function decodeUtf32(bytes: Buffer, bigEndian: boolean): string {
  if (bytes.length % 4 !== 0) throw new UnreadableJsonError('truncated UTF-32');
  const characters: string[] = [];
  for (let at = 0; at < bytes.length; at += 4) {
    const codePoint = bigEndian ? bytes.readUInt32BE(at) : bytes.readUInt32LE(at);
    if (codePoint > 0x10ffff) throw new UnreadableJsonError('not a code point');
    characters.push(String.fromCodePoint(codePoint));
  }
  return characters.join('');
}
