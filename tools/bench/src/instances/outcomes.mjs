/** An outcome as a word: the status, for 5xx with the name of the error, or how the connection failed. */
export function outcomeOf({ outcome, status, body }) {
  if (outcome !== 'answered') return outcome;
  return status >= 500 ? `${status} ${errorOf(body())}` : String(status);
}

function errorOf(text) {
  try {
    return JSON.parse(text).error;
  } catch {
    return 'without JSON';
  }
}
