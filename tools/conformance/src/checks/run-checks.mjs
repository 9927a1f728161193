import { Deviation } from './demand.mjs';

/**
 * Runs the checks of a group in their order; they share what `begin` made, which tells what the group is about.
 * Resolves with a result for each.
 */
export async function runChecks({ checks, begin = () => ({}) }, client) {
  const session = begin();
  const results = [];
  for (const [id, check] of Object.entries(checks)) results.push(await runCheck(id, check, client, session));
  return results;
}

async function runCheck(id, check, client, session) {
  try {
    await check(client, session);
    return { id };
  } catch (error) {
    if (error instanceof Deviation) return { id, why: error.message, expected: error.expected, got: error.got };
    return { id, why: 'the check could not be made', expected: 'an answer of the contract', got: error.message };
  }
}
