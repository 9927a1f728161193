import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

const LIBRARIES = [
  'libs/identity/http',
  'libs/identity/infra',
  'libs/identity/client',
  'libs/identity/core',
  'libs/shared/http',
];
const EXPORT = /^export (?:declare |default )?(?:abstract )?(class|interface|function|const|type) (\w+)/gm;

/** What each package exports, with the first sentence of its doc comment, as Markdown. */
export function exportedNames(workspace) {
  return LIBRARIES.flatMap((library) => {
    const comments = commentsOf(join(workspace, library, 'src'));
    const { name } = JSON.parse(readFileSync(join(workspace, library, 'package.json'), 'utf8'));
    const reports = readdirSync(join(workspace, library, 'surface')).toSorted();
    return reports.map((report) => {
      const entry = report.replace('.api.md', '');
      const text = readFileSync(join(workspace, library, 'surface', report), 'utf8');
      const rows = [...text.matchAll(EXPORT)].map(
        ([, kind, exported]) => `| \`${exported}\` | ${kind} | ${comments.get(exported) ?? ''} |`,
      );
      const heading = `### ${name}${entry === 'index' ? '' : `/${entry}`}`;
      return `${heading}\n\n| Name | Kind | What it is |\n| --- | --- | --- |\n${rows.join('\n')}`;
    });
  }).join('\n\n');
}

/** The first sentence of the doc comment of each exported name below a folder. */
function commentsOf(folder) {
  const comments = new Map();
  for (const file of readdirSync(folder, { recursive: true })) {
    if (!/(?<!\.d|\.spec|\.cases)\.ts$/.test(file)) continue;
    const code = readFileSync(join(folder, file), 'utf8');
    const documented =
      /\/\*\*((?:(?!\*\/)[\s\S])*)\*\/\s*(?:@[^\n]*\n\s*)*export (?:abstract )?(?:async )?(?:class|interface|function|const|type) (\w+)/g;
    for (const [, comment, name] of code.matchAll(documented)) {
      const text = comment
        .replaceAll(/^\s*\* ?/gm, '')
        .split(/^@/m)[0]
        .trim()
        .replaceAll(/\s+/g, ' ');
      const [sentence] = /^.*?[.:](?= [A-Z`]|$)/.exec(text) ?? [text];
      comments.set(
        name,
        sentence
          .replaceAll('|', '\\|')
          .replaceAll(/\{@link (\w+)\}/g, '`$1`')
          .replaceAll('<', '&lt;')
          .replaceAll('{{', '{ {'),
      );
    }
  }
  return comments;
}
