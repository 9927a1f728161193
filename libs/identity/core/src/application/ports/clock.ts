/** The current instant. */
export abstract class Clock {
  abstract now(): Date;
}
