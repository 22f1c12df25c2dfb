/** A claim that broke. */
export interface Broken {
  readonly claim: string;
  readonly reason: string;
}
