const OURS = ['nx', 'devDependencies'];

/**
 * The manifest as it is published: without what only this workspace reads, and with `REPOSITORY_OWNER` for OWNER in the
 * addresses of the repository.
 */
export function published(manifest) {
  const fields = Object.entries(manifest).filter(([name]) => !OURS.includes(name));
  const content = { ...Object.fromEntries(fields), exports: withoutSource(manifest.exports) };
  const { REPOSITORY_OWNER: owner = 'OWNER' } = process.env;
  return JSON.parse(JSON.stringify(content).replaceAll('github.com/OWNER/', `github.com/${owner}/`));
}

/** The condition `source` leads this workspace past its build, to files that are in no tarball. */
function withoutSource(target) {
  if (typeof target === 'string') return target;
  const others = Object.entries(target).filter(([condition]) => condition !== 'source');
  return Object.fromEntries(others.map(([condition, path]) => [condition, withoutSource(path)]));
}

/** The files that a manifest leads to, and those that a JSON file among them leads to, as Nx's `generators.json` does. */
export async function entriesOf(manifest, readJson) {
  const entries = new Set();
  const follow = async (value) => {
    if (typeof value === 'object' && value !== null) {
      for (const part of Object.values(value)) await follow(part);
      return;
    }
    if (typeof value !== 'string' || !value.startsWith('./')) return;
    const [path] = value.slice(2).split('#', 1);
    if (path === 'package.json' || entries.has(path)) return;
    entries.add(path);
    if (path.endsWith('.json')) await follow(await readJson(path));
  };
  await follow(published(manifest).exports);
  return entries;
}
