/** Who of several instances does a job. Same outage promises as `ApiKeyRepository`. */
export abstract class JobLeases {
  /** Takes the lease of a job until then; false while another holder has it. The holder itself may prolong it. */
  abstract acquire(job: string, holder: string, now: Date, until: Date): Promise<boolean>;
}
