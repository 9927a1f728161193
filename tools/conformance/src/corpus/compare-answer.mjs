import { errorFault } from '../contract/error-answers.mjs';

/**
 * Why an answer is not the one of the corpus, or null. What the reference accepted may be refused here by a rule of the
 * deployment's own (400, 403, 404), but never as invalid.
 */
export function compareAnswer(expected, answer) {
  if (expected.status < 300) return answer.status < 300 ? acceptedFault(expected, answer) : refusedFault(answer);
  if (expected.status === 400) return answer.status === 413 ? errorFault(answer, 413) : errorFault(answer, 400);
  if (expected.status === 404) return errorFault(answer, 404);
  if (answer.status !== expected.status) return `status ${answer.status} instead of ${expected.status}`;
  // The exact text where the corpus has it (numbers as Python writes them), else the same keys in the same order.
  const same =
    expected.body_raw === undefined
      ? JSON.stringify(answer.body) === JSON.stringify(expected.body)
      : answer.text === expected.body_raw;
  return same ? null : 'another body';
}

function refusedFault(answer) {
  return [400, 403, 404].includes(answer.status)
    ? errorFault(answer, answer.status)
    : `status ${answer.status} for what the reference accepts`;
}

function acceptedFault({ status: wantedStatus, body_subset: wanted, expires_at: expiry }, { status, body }) {
  if (status !== wantedStatus) return `status ${status} instead of ${wantedStatus}`;
  if (wanted === undefined) return null;
  if (body?.name !== wanted.name) return 'another name';
  // Left out or empty, a deployment may show the scopes of the key that creates it.
  if (wanted.scopes.length > 0 && JSON.stringify(body.scopes) !== JSON.stringify(wanted.scopes)) return 'other scopes';
  if (wanted.expires_at === null) return body.expires_at === null ? null : 'an expires_at that nobody asked for';
  // What a time without offset means is the deployment's decision.
  if (expiry?.naive) return null;
  const distance = Math.abs(Date.parse(body.expires_at) - Date.parse(wanted.expires_at));
  return distance <= 1 ? null : 'another expires_at';
}
