// Longer than Node takes to time out a header section (8 to 8.5 s), which is the one to answer a request that has begun.
const PATIENCE_MILLISECONDS = 8_750;

/**
 * Notices what no timer of Node does: its parser skips empty lines before a request, so they begin none, and yet each
 * of them puts off the end of an idle connection.
 */
export class RestWatch {
  private after: object | undefined;
  private bytes = 0;
  private since: number | undefined;

  /** Whether bytes came after this answer, and so long ago that a request should have arrived. To be asked often. */
  isOverdue(answer: object, bytesRead: number, now: number): boolean {
    if (answer !== this.after) {
      this.after = answer;
      this.bytes = bytesRead;
      this.since = undefined;
    }
    if (bytesRead === this.bytes) return false;
    this.since ??= now;
    return now - this.since >= PATIENCE_MILLISECONDS;
  }
}
