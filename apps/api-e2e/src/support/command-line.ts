import type { Outcome, Settings } from './child.js';
import type { Installation } from './installation.js';

/** What `organization create --json` prints. */
export interface CreatedOrganization {
  readonly organization_id: string;
  readonly organization_name: string;
  readonly api_key_id: string;
  readonly plain_text_key: string;
}

/** The one JSON line of a command that succeeded in silence. Throws when it did not. */
export function printedJson({ status, stdout, stderr }: Outcome): unknown {
  const [line = '', ...rest] = stdout.split('\n');
  if (status !== 0 || stderr !== '' || rest.join('\n') !== '') {
    throw new Error(`The command ended with status ${String(status)}:\n${stdout}${stderr}`);
  }
  return JSON.parse(line);
}

/** A new organization, made by the command line. */
export async function createOrganization(
  installation: Installation,
  name: string,
  settings: Settings = {},
): Promise<CreatedOrganization> {
  return printedJson(
    await installation.run(['organization', 'create', '--name', name, '--json'], settings),
  ) as CreatedOrganization;
}
