// Compiles the service before `npm start` and `npm run feather`, in silence unless it fails: their output is read by
// people and programs.
import { spawnSync } from 'node:child_process';

const { status, stdout, stderr } = spawnSync('npx', ['nx', 'run', 'api:compile', '--output-style=static'], {
  encoding: 'utf8',
  // A daemon would outlive the command that needed it for a second.
  env: { ...process.env, NX_DAEMON: 'false' },
  shell: process.platform === 'win32',
});
if (status !== 0) {
  process.stderr.write(`${stdout}${stderr}`);
  process.exit(1);
}
