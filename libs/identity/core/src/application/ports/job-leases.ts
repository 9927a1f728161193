/** Lets one of several instances do a job. It fails as `ApiKeyRepository` does. */
export abstract class JobLeases {
  /**
   * Takes the lease of a job, or prolongs one that this holder has. A lease that lasts more than twice as long as this
   * one was taken by a wrong clock, and does not count.
   *
   * @returns false while another holder has it
   */
  abstract acquire(job: string, holder: string, now: Date, until: Date): Promise<boolean>;
}
