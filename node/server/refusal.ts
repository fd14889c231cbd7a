/** What the server will not do, with the HTTP status that says so. Its message is a code, never input. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
  readonly status: number;
  /** As `consent_required`. */
  readonly code: string;
  /** The decision's reason, where there was one. */
  readonly reason: string | undefined;

  constructor(status: number, code: string, reason?: string) {
    super(reason === undefined ? code : `${code}: ${reason}`);
    this.status = status;
    this.code = code;
    this.reason = reason;
  }
}
