import { inParallel } from '../in-parallel.mjs';
import { bodyOf } from './read-corpus.mjs';
import { compareAnswer } from './compare-answer.mjs';

/** Sends the requests of a group. Resolves with a result for each. */
export function replayGroup(cases, client) {
  return inParallel(cases, async ({ id, request, expect }) => {
    try {
      const answer = await client.send(sendable(request));
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

function sendable(request) {
  const { method, path, headers } = request;
  return { method, path, headers, body: bodyOf(request) };
}
