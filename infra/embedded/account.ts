/** The account that the embedded AWS pretends to be; every ARN is built from it. */
export interface Account {
  /** 12 digits. */
  readonly id: string;
  readonly region: string;
  readonly partition: string;
  /** Milliseconds since the epoch; replaced in tests and simulations. */
  readonly now: () => number;
}
