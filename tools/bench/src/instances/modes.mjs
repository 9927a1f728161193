/** How instances verify, by the settings of each mode. */
const MODES = { strict: { CREDENTIAL_LEASES: 'off' }, leases: { CREDENTIAL_LEASES: 'on' } };

/** A metric of builds that know leases: others ignore the setting, and would be measured under the wrong name. */
const LEASE_METRIC = 'feather_credential_lease_held';

/** The settings of a mode. Throws for one that does not exist. */
export function settingsOfMode(name) {
  const settings = MODES[name];
  if (settings === undefined) throw new Error(`There is no mode "${name}".`);
  return settings;
}

/** Throws where the build does not know the mode. */
export async function assertMode(name, service) {
  if (name === 'leases' && !(await service.counters()).has(LEASE_METRIC)) throw new Error('This build has no leases.');
}

/** So many parts of a whole for each mode, in turns: what else goes on at the machine meets them alike. */
export function inTurns(modes, rounds, count) {
  const each = Math.ceil(count / rounds);
  return Array.from({ length: rounds }, (_, round) => modes.map((mode) => ({ mode, round, count: each }))).flat();
}
