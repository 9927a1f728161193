import { inParallel } from '../in-parallel.mjs';
import { bodyOf } from './read-corpus.mjs';
import { compareAnswer } from './compare-answer.mjs';

const QUERY_PATH = '/v1/identity/org/members';

/** Sends the requests of a group. Resolves with a result for each. */
export function replayGroup(cases, client, queryPath) {
  return inParallel(cases, async ({ id, request, expect }) => {
    try {
      const answer = await client.send(sendable(request, queryPath));
      const why = compareAnswer(expect, answer);
      if (why === null) return { id };
      return {
        id,
        why,
        expected: expect.body_raw ?? expect.body ?? expect.status,
        got: `${answer.status} ${answer.text}`,
      };
    } catch (error) {
      return { id, why: 'no answer', expected: expect.status, got: error.message };
    }
  });
}

function sendable(request, queryPath) {
  const { method, path, headers } = request;
  const replaced = queryPath === null ? path : path.replace(QUERY_PATH, queryPath);
  return { method, path: replaced, headers, body: bodyOf(request) };
}
