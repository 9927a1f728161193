// Lints the probes on stdin ({ file, code }[]) with the workspace's configuration and prints the messages of each.
// A process of its own: Jest's module sandbox would load ESLint and TypeScript far more slowly.
import { text } from 'node:stream/consumers';
import { ESLint } from 'eslint';

const probes = JSON.parse(await text(process.stdin));
const eslint = new ESLint();
const results = [];
for (const { file, code } of probes) {
  const [result] = await eslint.lintText(code, { filePath: file });
  results.push(result.messages.map(({ ruleId, message }) => ({ rule: ruleId, message })));
}
process.stdout.write(JSON.stringify(results));
