// Builds applications before `npm start`, `npm run feather` or `npm run sample`, in silence unless it fails: their
// output is read by people and programs. Usage: node tools/compile.mjs [PROJECT[,PROJECT] [TARGET]]
import { spawnSync } from 'node:child_process';

const [projects = 'api', target = 'compile'] = process.argv.slice(2);
const targets = ['-t', target, '-p', projects];
const { status, stdout, stderr } = spawnSync('npx', ['nx', 'run-many', ...targets, '--output-style=static'], {
  encoding: 'utf8',
  // A daemon would outlive the command that needed it for a second.
  env: { ...process.env, NX_DAEMON: 'false' },
  shell: process.platform === 'win32',
});
if (status !== 0) {
  process.stderr.write(`${stdout}${stderr}`);
  process.exit(1);
}
