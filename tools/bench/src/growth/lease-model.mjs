/** What the model assumes, in milliseconds unless it says otherwise. Regions are told by their round trip to the primary. */
export const ASSUMED = {
  lease: 3000,
  renewEvery: 1000,
  /** Statements of a revocation before it announces, each a round trip: the look-up of the caller, the change, the count. */
  statements: 3,
  /** Of the server for a statement, and for the sync to disk of a commit. */
  statement: 0.3,
  sync: 2,
  /** Until a busy process of the service looks at what has arrived, on average. */
  eventLoop: 1,
  /** For each listener that the server wakes, one after the other. */
  wake: 0.02,
  /** Spread of a round trip (sigma of its logarithm). */
  spread: 0.08,
  /** How often a packet is lost and sent again within a region, and between regions. */
  lossRate: { near: 0.00001, far: 0.0005 },
  resendAfter: 200,
  firstPause: 1,
  longestPause: 50,
};

/**
 * How long revocations take until they are answered, under leases as ADR 44 has them: commit, announce, then look until no
 * instance is behind. Pure arithmetic with random delays: nothing runs.
 *
 * @param regions - round trips to the primary; instances are spread over them in turn
 * @param at - the region, by index, whose instances revoke
 * @param hung - how many instances hold a lease and no longer confirm
 */
export function revocationTimes({ instances, regions, at, hung, count, random }) {
  const delays = new Delays(random);
  const own = regions[at];
  return Array.from({ length: count }, () => {
    let now = 0;
    for (let statement = 0; statement < ASSUMED.statements; statement += 1) now += delays.roundTrip(own);
    now += ASSUMED.sync;
    const announced = now + delays.oneWay(own) + ASSUMED.statement + ASSUMED.sync;
    now = announced + delays.oneWay(own) + delays.eventLoop();
    const confirmed = Array.from({ length: instances }, (_, index) =>
      confirmation(announced, regions[index % regions.length], index, index < hung, delays),
    );
    return untilNobodyIsBehind(now, Math.max(...confirmed), own, delays);
  });
}

/** When the server knows that an instance has dropped the key, or that its lease is over. */
function confirmation(announced, roundTrip, index, isHung, delays) {
  // It was renewed up to a second ago, and counts as over when it was watched for as long as it lasts.
  if (isHung) return announced + ASSUMED.lease;
  const heard = announced + index * ASSUMED.wake + delays.oneWay(roundTrip) + delays.eventLoop();
  return heard + delays.oneWay(roundTrip) + ASSUMED.statement;
}

function untilNobodyIsBehind(begun, confirmed, roundTrip, delays) {
  let now = begun;
  for (let pause = ASSUMED.firstPause; ; pause = Math.min(2 * pause, ASSUMED.longestPause)) {
    const looked = now + delays.oneWay(roundTrip);
    now = looked + ASSUMED.statement + delays.oneWay(roundTrip) + delays.eventLoop();
    if (looked >= confirmed) return now;
    now += pause;
  }
}

class Delays {
  #random;

  constructor(random) {
    this.#random = random;
  }

  oneWay(roundTrip) {
    const { near, far } = ASSUMED.lossRate;
    const resent = this.#random() < (roundTrip < 10 ? near : far) ? ASSUMED.resendAfter : 0;
    return (roundTrip / 2) * Math.exp(ASSUMED.spread * this.#normal()) + resent;
  }

  roundTrip(milliseconds) {
    return this.oneWay(milliseconds) + ASSUMED.statement + this.oneWay(milliseconds) + this.eventLoop();
  }

  eventLoop() {
    return -Math.log(1 - this.#random()) * ASSUMED.eventLoop;
  }

  /** Box and Muller. */
  #normal() {
    return Math.sqrt(-2 * Math.log(1 - this.#random())) * Math.cos(2 * Math.PI * this.#random());
  }
}
