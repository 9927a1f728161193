/** Who of several instances does a job. Same outage promises as `ApiKeyRepository`. */
export abstract class JobLeases {
  /**
   * Takes the lease of a job until then; false while another holder has it. The holder itself may prolong it. One that goes
   * on for more than twice as long as this one was taken by a wrong clock, and holds nobody up.
   */
  abstract acquire(job: string, holder: string, now: Date, until: Date): Promise<boolean>;
}
