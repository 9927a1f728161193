import { type Command, InvalidArgumentError, Option } from 'commander';

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** Parses an id for commander. */
export function uuid(given: string): string {
  if (!UUID.test(given)) throw new InvalidArgumentError('It takes a UUID.');
  return given.toLowerCase();
}

/** `--organization ID`, required. */
export function organizationOption(): Option {
  return new Option('--organization <id>', 'the organization').argParser(uuid).makeOptionMandatory();
}

/** Adds `--json` to a command. */
export function withJson(command: Command): Command {
  return command.option('--json', 'print JSON');
}
