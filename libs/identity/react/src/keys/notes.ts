const LABEL = /^[a-z0-9](?:[a-z0-9._:/-]{0,61}[a-z0-9])?$/;
const MOST_LABELS = 20;
const MOST_NETWORKS = 20;

/** A list as people type it: separated by commas, spaces or lines, each once. */
export function splitList(text: string): readonly string[] {
  return [...new Set(text.split(/[\s,;]+/).filter((each) => each !== ''))];
}

/** Whether `text` can be a label. */
export function isLabel(text: string): boolean {
  return LABEL.test(text);
}

/** What is wrong with typed labels; null if nothing is. */
export function labelsProblem(text: string): string | null {
  const labels = splitList(text);
  const wrong = labels.find((label) => !isLabel(label));
  if (wrong !== undefined) return `“${wrong}” is no label: use a-z, 0-9 and, between them, . _ : / and -`;
  return labels.length > MOST_LABELS ? `A key has at most ${MOST_LABELS} labels.` : null;
}

const NETWORK = /^[0-9a-f.:]+(?:\/\d{1,3})?$/i;

/** What is wrong with typed networks, as far as their writing shows; null if nothing is. */
export function networksProblem(text: string): string | null {
  const networks = splitList(text);
  const wrong = networks.find((network) => !NETWORK.test(network) || !/[.:]/.test(network));
  if (wrong !== undefined)
    return `“${wrong}” is no address or network. Examples: 203.0.113.7, 10.0.0.0/8, 2001:db8::/32`;
  return networks.length > MOST_NETWORKS ? `A key has at most ${MOST_NETWORKS} networks.` : null;
}
