/** Tells answers apart in what a keep-alive connection delivers; takes answers with Content-Length only. */
export class HttpReader {
  #rest = null;

  /** The answers that are complete with these bytes: status, and the body as a function. */
  push(chunk) {
    let bytes = this.#rest === null ? chunk : Buffer.concat([this.#rest, chunk]);
    const answers = [];
    for (;;) {
      const answer = readAnswer(bytes);
      if (answer === null) break;
      answers.push(answer);
      bytes = bytes.subarray(answer.length);
    }
    this.#rest = bytes.length > 0 ? bytes : null;
    return answers;
  }
}

function readAnswer(bytes) {
  const headEnd = bytes.indexOf('\r\n\r\n');
  if (headEnd < 0) return null;
  const head = bytes.latin1Slice(0, headEnd);
  const declared = /\r\ncontent-length: (\d+)/i.exec(head)?.[1];
  if (declared === undefined && /\r\ntransfer-encoding/i.test(head)) throw new Error('An answer came in chunks.');
  const length = headEnd + 4 + Number(declared ?? 0);
  if (bytes.length < length) return null;
  const body = bytes.subarray(headEnd + 4, length);
  return { status: Number(head.slice(9, 12)), length, body: () => body.toString('utf8') };
}
