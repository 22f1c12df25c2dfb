/** What a codec throws before it has made more of its input than is allowed. */
export class TooLarge extends RangeError {}
