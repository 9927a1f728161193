import { spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { text } from 'node:stream/consumers';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { createOrganization, type CreatedOrganization, printedJson } from './support/command-line.js';
import { Installation } from './support/installation.js';
import type { ListedKey } from './support/service.js';
import { COMMAND_LINE, SERVICE } from './support/workspace.js';

/** Where standard output leads, and the code of the error with which writing to it fails. */
const OUTPUTS = [
  ['a full disk', 'ENOSPC'],
  ['a pipe that nobody reads any more', 'EPIPE'],
] as const;

type Code = (typeof OUTPUTS)[number][1];

/** Runs a program of ours, and tells how it ended and what it wrote to standard error. */
async function run({ folder }: Installation, script: readonly string[], code: Code) {
  const full = openSync('/dev/full', 'w');
  const child = spawn(process.execPath, script, {
    cwd: folder,
    env: { PATH: process.env['PATH'], HOME: folder, PORT: '0' },
    stdio: ['ignore', code === 'ENOSPC' ? full : 'pipe', 'pipe'],
  });
  closeSync(full);
  child.stdout?.destroy();
  const status = new Promise<number | null>((resolve) => child.once('close', resolve));
  return { stderr: child.stderr && (await text(child.stderr)), status: await status };
}

describe.each(OUTPUTS)('a key that is made while standard output is %s (%s)', (_what, code) => {
  let installation: Installation;
  let acme: CreatedOrganization;

  beforeAll(async () => {
    installation = await (await Installation.create('sqlite')).prepare();
    acme = await createOrganization(installation, 'Acme');
  });

  const newestKey = async (organization: string) => {
    const listed = await installation.run(['key', 'list', '--organization', organization, '--json']);
    return (printedJson(listed) as ListedKey[])[0]?.id ?? '';
  };
  const lostKey = (id: string, organization: string) =>
    `API key ${id} was made and could not be shown (${code}). Revoke it and make another: ` +
    `node ${COMMAND_LINE} key revoke ${id} --organization ${organization}; ` +
    `node ${COMMAND_LINE} key create --organization ${organization} --name NAME --unrestricted\n`;

  it('is named by `key create`, with what to do about it', async () => {
    const { organization_id: id } = acme;
    const create = [COMMAND_LINE, 'key', 'create', '--organization', id, '--name', 'CI', '--unrestricted'];
    const ended = await run(installation, create, code);
    expect(ended).toEqual({ status: 1, stderr: lostKey(await newestKey(id), id) });
  });

  it('is named by `key rotate`, with what to do about it', async () => {
    const { organization_id: id, api_key_id: key } = acme;
    const ended = await run(installation, [COMMAND_LINE, 'key', 'rotate', key, '--organization', id], code);
    expect(ended).toEqual({
      status: 1,
      stderr:
        `API key ${key} has a new token, which could not be shown (${code}). Rotate it again: ` +
        `node ${COMMAND_LINE} key rotate ${key} --organization ${id}\n`,
    });
  });

  it('is named by `organization create`, with what to do about it', async () => {
    const ended = await run(installation, [COMMAND_LINE, 'organization', 'create', '--name', 'Lost', '--json'], code);
    const listed = printedJson(await installation.run(['organization', 'list', '--json'])) as {
      id: string;
      name: string;
    }[];
    const id = listed.find(({ name }) => name === 'Lost')?.id ?? '';
    expect(ended).toEqual({ status: 1, stderr: lostKey(await newestKey(id), id) });
  });

  it('is named by the first start, which stops, with what to do about it', async () => {
    const fresh = await Installation.create('sqlite');
    const ended = await run(fresh, [SERVICE], code);
    const [organization] = printedJson(await fresh.run(['organization', 'list', '--json'])) as { id: string }[];
    const id = organization?.id ?? '';
    const [key] = printedJson(await fresh.run(['key', 'list', '--organization', id, '--json'])) as ListedKey[];
    expect(ended).toEqual({
      status: 1,
      stderr: `The service did not start: ${lostKey(key?.id ?? '', id)}`,
    });
  });

  it('is not what another answer is about, whose loss is told in a line', async () => {
    const stderr = `The answer could not be written (${code}). What was done stays done.\n`;
    for (const words of [['organization', 'list'], ['--help'], ['key', 'create', '--help'], ['--version']]) {
      expect(await run(installation, [COMMAND_LINE, ...words], code)).toEqual({ status: 1, stderr });
    }
  });
});
