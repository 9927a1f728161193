import { type Command, InvalidArgumentError, Option } from 'commander';

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
const PEPPER_VERSION = /^[1-9]\d{0,8}$/;

/** Whether this is a UUID, in upper or lower case. */
export function isUuid(text: string): boolean {
  return UUID.test(text);
}

/** Parses an id for commander. */
export function uuid(given: string): string {
  if (!isUuid(given)) throw new InvalidArgumentError('It must be a UUID.');
  return given.toLowerCase();
}

/** `--organization ID`, required. */
export function organizationOption(): Option {
  return new Option('--organization <id>', 'the organization').argParser(uuid).makeOptionMandatory();
}

/** `--version NUMBER` of a pepper. Default: 1. */
export function pepperVersionOption(): Option {
  return new Option('--version <number>', 'a version that no pepper in use has').default(1).argParser(pepperVersion);
}

function pepperVersion(given: string): number {
  if (!PEPPER_VERSION.test(given)) throw new InvalidArgumentError('It must be a whole number from 1 to 999999999.');
  return Number(given);
}

/** Adds `--json` to a command. */
export function withJson(command: Command): Command {
  return command.option('--json', 'print JSON');
}
