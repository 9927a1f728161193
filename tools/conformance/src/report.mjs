const SHOWN_DEVIATIONS = 5;
const SHOWN_CHARACTERS = 300;
const FINE_SHARE = 0.9;

/** Prints one line a group and the deviations under it, and keeps count. */
export class Report {
  #print;
  #secrets;
  #verbose;
  #metrics = { core: { passed: 0, failed: 0 }, fine: { passed: 0, failed: 0 }, check: { passed: 0, failed: 0 } };

  constructor(print, secrets, verbose) {
    this.#print = (text) => print(secrets.hide(text));
    this.#secrets = secrets;
    this.#verbose = verbose;
  }

  /** Takes the results of a group: `{ id }` for what passed, with `why`, `expected` and `got` for what did not. */
  group(name, tier, results) {
    const deviations = results.filter(({ why }) => why !== undefined);
    const passed = results.length - deviations.length;
    this.#metrics[tier].passed += passed;
    this.#metrics[tier].failed += deviations.length;
    this.#print(`${deviations.length === 0 ? 'ok  ' : 'FAIL'} ${tier} ${name}: ${passed}/${results.length}`);
    for (const result of this.#verbose ? results : deviations.slice(0, SHOWN_DEVIATIONS)) this.#result(result);
    const hidden = deviations.length - SHOWN_DEVIATIONS;
    if (!this.#verbose && hidden > 0) this.#print(`     and ${hidden} more (--verbose shows them)`);
  }

  /** Prints the end of the report and tells whether the deployment conforms. */
  summary(interrupted) {
    const { core, fine, check } = this.#metrics;
    const share = fine.passed / Math.max(1, fine.passed + fine.failed);
    if (core.passed + core.failed > 0)
      this.#print(`core ${core.passed}/${core.passed + core.failed}, must be complete`);
    if (fine.passed + fine.failed > 0) {
      this.#print(`fine ${fine.passed}/${fine.passed + fine.failed}, must reach ${FINE_SHARE * 100} %`);
    }
    if (interrupted) this.#print('interrupted');
    const passed = core.passed + fine.passed + check.passed;
    this.#print(`${passed} passed, ${core.failed + fine.failed + check.failed} failed`);
    const fineHolds = fine.passed + fine.failed === 0 || share >= FINE_SHARE;
    return passed > 0 && !interrupted && core.failed + check.failed === 0 && fineHolds;
  }

  #result({ id, why, expected, got }) {
    this.#print(`   ${why === undefined ? '+' : '-'} ${id}${why === undefined ? '' : `: ${why}`}`);
    if (why === undefined) return;
    this.#print(`       expected ${this.#shown(expected)}`);
    this.#print(`       got      ${this.#shown(got)}`);
  }

  #shown(value) {
    // Hidden before it is cut, or a cut secret would not be recognised.
    const text = this.#secrets.hide(typeof value === 'string' ? value : (JSON.stringify(value) ?? 'nothing'));
    return this.#verbose || text.length <= SHOWN_CHARACTERS ? text : `${text.slice(0, SHOWN_CHARACTERS)}...`;
  }
}
