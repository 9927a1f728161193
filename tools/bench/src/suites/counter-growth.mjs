/** How much the service's own counters grew, as text; those of hashing also where they did not. */
export function growth(before, after) {
  if (before === null || after === null) return 'the service has none (no GET /metrics)';
  const grown = [...after]
    .filter(([name]) => name.startsWith('feather_'))
    .map(([name, value]) => [name.replace('feather_', ''), value - (before.get(name) ?? 0)])
    .filter(([name, more]) => more !== 0 || name.startsWith('hashing_jobs'));
  return grown.map(([name, more]) => `${name} +${more}`).join(', ');
}
