import { cpSync, existsSync, mkdirSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join, normalize, relative } from 'node:path';
import { commandHelp } from './command-help.mjs';
import { httpOperations } from './http-operations.mjs';
import { exportedNames } from './exported-names.mjs';
import { sidebar } from '../.vitepress/sidebar.mjs';

const REPOSITORY = 'https://github.com/OWNER/feather-identity';
const GENERATED = { 'command-help': commandHelp, 'exported-names': exportedNames, 'http-operations': httpOperations };
/** What stands elsewhere than in docs. */
const OTHERS = { 'SECURITY.md': 'security.md', 'apps/console/src/feather.svg': 'public/feather.svg' };

/**
 * Writes what VitePress reads: the pages of docs, with the generated parts filled in, links that leave docs made into
 * links to the repository, and each block of commands followed by whether it is run. Returns what is wrong, a line each.
 */
export async function stagePages(workspace, target) {
  const problems = [];
  const docs = readdirSync(join(workspace, 'docs'), { recursive: true }).map((name) => join('docs', name));
  const staged = new Map(docs.map((file) => [file, pageOf(file)]));
  for (const [file, page] of Object.entries(OTHERS)) staged.set(file, page);

  rmSync(target, { recursive: true, force: true });
  const texts = new Map();
  for (const [file, page] of staged) {
    if (statSync(join(workspace, file)).isDirectory()) continue;
    mkdirSync(dirname(join(target, page)), { recursive: true });
    if (file.endsWith('.md'))
      texts.set(file, await withGenerated(readFileSync(join(workspace, file), 'utf8'), workspace));
    else if (/\.(png|svg)$/.test(file)) cpSync(join(workspace, file), join(target, page));
  }
  const others = otherDocuments(workspace).map((file) => [file, readFileSync(join(workspace, file), 'utf8')]);
  const anchors = new Map([...texts, ...others].map(([file, text]) => [file, anchorsOf(text)]));

  for (const [file, text] of [...texts, ...others]) {
    const tell = (line, message) => problems.push(`${file}:${line}: ${message}`);
    const page = staged.get(file);
    const written = byLine(text, (line, number) => withLinks(line, (to) => linked(to, number)));
    if (page === undefined && file !== 'README.md') continue;
    const captioned = withCaptions(written, workspace, tell);
    if (page !== undefined) writeFileSync(join(target, page), captioned);

    function linked(to, line) {
      if (/^[a-z]+:/.test(to)) return to;
      const [path, anchor] = to.split('#');
      const found = path === '' ? file : normalize(join(dirname(file), path));
      if (!existsSync(join(workspace, found))) tell(line, `${to} does not exist.`);
      else if (anchor !== undefined && anchors.has(found) && !anchors.get(found).has(anchor)) {
        tell(line, `${to}: ${found} has no heading #${anchor}.`);
      }
      if (path === '') return to;
      const other = page === undefined ? undefined : staged.get(found);
      if (other === undefined || !/\.(md|png|svg)$/.test(other))
        return `${REPOSITORY}/blob/main/${to === '' ? '' : found}${anchor === undefined ? '' : `#${anchor}`}`;
      const way = relative(dirname(page), other);
      return `${way.startsWith('.') ? way : `./${way}`}${anchor === undefined ? '' : `#${anchor}`}`;
    }
  }
  const listed = new Set(sidebar.flatMap(({ items }) => items.map(({ link }) => `${link.slice(1)}.md`)));
  for (const [file] of texts) {
    const page = staged.get(file);
    if (page === 'index.md' || page.startsWith('adr/') || listed.has(page)) continue;
    problems.push(`${file} is not in tools/docs-site/.vitepress/sidebar.mjs.`);
  }
  return problems;
}

/** Documents outside of the site whose links are checked, too. */
function otherDocuments(workspace) {
  const folders = [
    '.',
    ...['apps', 'examples', 'libs/identity', 'libs/shared', 'tools'].flatMap((parent) =>
      readdirSync(join(workspace, parent)).map((name) => join(parent, name)),
    ),
  ];
  return folders
    .flatMap((folder) =>
      statSync(join(workspace, folder)).isDirectory()
        ? readdirSync(join(workspace, folder)).map((name) => join(folder, name))
        : [],
    )
    .filter((file) => file.endsWith('.md') && !(file in OTHERS));
}

/** Where a file of docs is in the site. */
const pageOf = (file) => relative('docs', file).replace(/^README\.md$/, 'index.md');

async function withGenerated(text, workspace) {
  const [mark, name] = /^<!-- site: ([\w-]+) -->$/m.exec(text) ?? [];
  return mark === undefined ? text : text.replace(mark, await GENERATED[name](workspace));
}

/** Calls `change` with each line outside of code. */
function byLine(text, change) {
  let fence = null;
  return text
    .split('\n')
    .map((line, index) => {
      const [, mark] = /^\s*(```+)/.exec(line) ?? [];
      if (mark !== undefined && (fence === null || mark === fence)) fence = fence === null ? mark : null;
      return fence !== null || mark !== undefined ? line : change(line, index + 1);
    })
    .join('\n');
}

const withLinks = (line, link) =>
  line.replace(/(\]\()([^)\s]+)(\))/g, (_all, before, to, after) => before + link(to) + after);

/** The anchors of a page, as GitHub makes them. */
function anchorsOf(text) {
  const anchors = new Map();
  byLine(text, (line) => {
    const [, heading] = /^#{1,6} (.*)$/.exec(line) ?? [];
    if (heading !== undefined) {
      const anchor = slug(
        heading
          .replace(/\[([^\]]*)\]\([^)]*\)/g, '$1')
          .replaceAll('`', '')
          .replaceAll('*', ''),
      );
      const seen = anchors.get(anchor) ?? 0;
      anchors.set(anchor, seen + 1);
      if (seen > 0) anchors.set(`${anchor}-${seen}`, 1);
    }
    return line;
  });
  return anchors;
}

/** The anchor of a heading on GitHub. */
export const slug = (heading) =>
  heading
    .toLowerCase()
    .replace(/[^\p{Letter}\p{Number}\-_ ]/gu, '')
    .replaceAll(' ', '-');

const CAPTIONS = [
  [/^session$/, 'CI runs these commands as they stand.'],
  [/^sample session$/, 'CI runs these commands as they stand.'],
  [/^run by ([^\s,]+),? ?(.*)$/, 'Run by'],
  [/^not run: (.+)$/, 'Not run by CI'],
];

/** Makes the comment before a block of commands visible behind it, and tells of blocks without one. */
function withCaptions(text, workspace, tell) {
  const lines = text.split('\n');
  const written = [];
  let fence = null;
  let caption = null;
  lines.forEach((line, index) => {
    const [, indent, mark, language] = /^(\s*)(```+)(\w*)/.exec(line) ?? [];
    written.push(line);
    if (mark === undefined || (fence !== null && mark !== fence)) return;
    if (fence === null) {
      fence = mark;
      if (!['bash', 'sh', 'console'].includes(language)) return;
      const comment = lines.slice(0, index).findLast((before) => before.trim() !== '');
      const [, said] = /^\s*<!-- (.*) -->$/.exec(comment ?? '') ?? [];
      caption = captionOf(said, workspace, (message) => tell(index + 1, message));
      return;
    }
    fence = null;
    if (caption !== null) written.push('', `${indent}<p class="ran">${caption}</p>`, '');
    caption = null;
  });
  return written.join('\n');
}

function captionOf(said, workspace, tell) {
  const [pattern, caption] = CAPTIONS.find(([form]) => form.test(said ?? '')) ?? [];
  if (pattern === undefined) {
    tell('Write <!-- session -->, <!-- run by FILE --> or <!-- not run: REASON --> before this block of commands.');
    return null;
  }
  const [, first, more] = pattern.exec(said);
  if (caption === 'Not run by CI') return `Not run by CI: ${first}.`;
  if (caption !== 'Run by') return caption;
  if (!existsSync(join(workspace, first))) tell(`${first}, which is said to run this block, does not exist.`);
  return `CI runs this: <code>${first}</code>${more === '' ? '' : `, ${more}`}.`;
}
