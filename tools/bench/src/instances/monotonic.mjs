/** Milliseconds of the clock that all processes of this machine share and that nobody sets. */
export function monotonicMs() {
  return Number(process.hrtime.bigint()) / 1e6;
}
