import { readFileSync } from 'node:fs';

const CORPUS = new URL('../../data/validation-corpus.jsonl', import.meta.url);

/** The requests and what a real FastAPI with Pydantic answered, without the answers that are not worth copying. */
export function readCorpus() {
  return readFileSync(CORPUS, 'utf8')
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line))
    .filter(({ advisory, expect }) => !advisory && !expect.advisory);
}

/** The groups in the order of the corpus. */
export function groupsOf(cases) {
  return [...new Set(cases.map(({ group }) => group))];
}

/** The bytes of a request's body, or null where it has none. */
export function bodyOf({ method, body_text: text, body_base64: base64 }) {
  const body = base64 === undefined ? Buffer.from(text ?? '', 'utf8') : Buffer.from(base64, 'base64');
  return method === 'POST' || body.length > 0 ? body : null;
}
