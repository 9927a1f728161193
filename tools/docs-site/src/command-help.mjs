import { readFileSync, readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

const HELP_WIDTH = 100;

/** The help of every command, as Markdown. */
export async function commandHelp(workspace) {
  const api = join(workspace, 'apps/api');
  const { Command } = createRequire(join(api, 'package.json'))('commander');
  const modules = join(api, 'dist/modules/cli');
  const files = readdirSync(modules).filter((name) => /\.commands?\.js$/.test(name));
  files.push('import/import.command.js');
  const exported = Object.assign(
    {},
    ...(await Promise.all(files.map((name) => import(pathToFileURL(join(modules, name)).href)))),
  );
  const program = new Command('feather');
  const added = readFileSync(join(api, 'src/cli.ts'), 'utf8').matchAll(/\.addCommand\((\w+)\(\)\)/g);
  for (const [, name] of added) program.addCommand(exported[name]());
  return program.commands.map((command) => section(command, ['feather'])).join('\n\n');
}

function section(command, path) {
  const named = [...path, command.name()];
  let help = '';
  command.configureOutput({ writeOut: (text) => (help += text), getOutHelpWidth: () => HELP_WIDTH });
  command.outputHelp();
  const text = help.replaceAll(/node \S*cli\.js/g, 'feather').trimEnd();
  const own = `### ${named.join(' ')}\n\n\`\`\`text\n${text}\n\`\`\``;
  return [own, ...command.commands.map((each) => section(each, named))].join('\n\n');
}
