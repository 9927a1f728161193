const PIECES = [
  ...['\0', '\r', '\n', '\r\n', '\t', ' ', '\\', '"', '\\u0000', '\\ud800', '\\ud83d\\ude00', 'null', 'NaN', '1e999'],
  ...['{', '}', '[', ']', ',', ':', '%00', '%2f', '%2e%2e/', '%', '%ff', '%C0%AF', '..', '//', ';', '?', '#', '&', '='],
  ...['\xff', '\xed\xa0\x80', '\xf0\x9f\x98\x80', '\xef\xbb\xbf', '__proto__', 'constructor', '{{7*7}}', "' OR 1=1 --"],
  ...['"scopes":["a"],', '"expires_at":"2999-01-01",', '9'.repeat(400), 'x'.repeat(300), '[['.repeat(600)],
].map((piece) => Buffer.from(piece, 'latin1'));

/** The bytes after up to `edits` cuts, insertions, repetitions and changed bits. */
export function mutateBytes(random, bytes, edits = 3) {
  let mutated = bytes;
  for (let left = 1 + random.int(edits); left > 0; left--) mutated = edit(random, mutated);
  return mutated;
}

function edit(random, bytes) {
  const at = random.int(bytes.length + 1);
  const [head, tail] = [bytes.subarray(0, at), bytes.subarray(at)];
  switch (random.int(6)) {
    case 0:
      return Buffer.concat([head, tail.subarray(1 + random.int(8))]);
    case 1:
      return Buffer.concat([head, random.pick(PIECES), tail]);
    case 2:
      return Buffer.concat([head, random.bytes(1 + random.int(4)), tail]);
    case 3:
      return Buffer.concat([head, tail.subarray(0, random.int(40)), tail]);
    case 4:
      return head;
    default:
      return tail.length === 0
        ? head
        : Buffer.concat([head, Buffer.from([tail[0] ^ (1 << random.int(8))]), tail.subarray(1)]);
  }
}
