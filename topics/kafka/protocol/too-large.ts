/** What a codec throws before it has made more of a batch than is allowed. */
export class TooLarge extends RangeError {}
