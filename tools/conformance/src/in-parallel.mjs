const LANES = 4;

/** Works on the items, four at a time. Resolves with the results in the order of the items. */
export async function inParallel(items, work) {
  const results = [];
  let next = 0;
  const lane = async () => {
    for (let index = next++; index < items.length; index = next++) results[index] = await work(items[index]);
  };
  await Promise.all(Array.from({ length: LANES }, lane));
  return results;
}
