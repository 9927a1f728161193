/** How instances verify, by the settings of each mode. */
const MODES = { strict: { CREDENTIAL_LEASES: 'off' }, leases: { CREDENTIAL_LEASES: 'on' } };

/** The settings of a mode. Throws for one that does not exist. */
export function settingsOfMode(name) {
  const settings = MODES[name];
  if (settings === undefined) throw new Error(`There is no mode "${name}".`);
  return settings;
}

/** So many parts of a whole for each mode, in turns: what else goes on at the machine meets them alike. */
export function inTurns(modes, rounds, count) {
  const each = Math.ceil(count / rounds);
  return Array.from({ length: rounds }, (_, round) => modes.map((mode) => ({ mode, round, count: each }))).flat();
}
