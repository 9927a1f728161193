// Lints the probes on stdin ({ file, code }[]) with the workspace's configuration and prints the messages of each.
// A process of its own: Jest's module sandbox would load ESLint and TypeScript far more slowly.
import { text } from 'node:stream/consumers';
import { ESLint } from 'eslint';

const probes = JSON.parse(await text(process.stdin));
const files = [...new Set(probes.map(({ file }) => file))];

const eslint = new ESLint({
  overrideConfig: {
    files: ['**/*.ts'],
    languageOptions: {
      parserOptions: {
        // Gives types to files that are not on disk, with the compiler options every project has.
        projectService: {
          allowDefaultProject: files,
          defaultProject: 'tools/boundary-proof/tsconfig.json',
          maximumDefaultProjectFileMatchCount_THIS_WILL_SLOW_DOWN_LINTING: files.length,
        },
      },
    },
  },
});

const results = [];
for (const { file, code } of probes) {
  const [result] = await eslint.lintText(code, { filePath: file });
  results.push(result.messages.map(({ ruleId, message }) => ({ rule: ruleId, message })));
}
process.stdout.write(JSON.stringify(results));
