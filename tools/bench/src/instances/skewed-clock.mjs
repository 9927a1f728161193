// Loaded before the service: its clock is CLOCK_SKEW_MS off, as that of a machine that nobody synchronizes. The clock
// that counts from the start of the process goes on as it is.
const skew = Number(process.env.CLOCK_SKEW_MS);
const TrueDate = Date;

globalThis.Date = class Date extends TrueDate {
  constructor(...args) {
    super(...(args.length === 0 ? [TrueDate.now() + skew] : args));
  }

  static now() {
    return TrueDate.now() + skew;
  }
};
