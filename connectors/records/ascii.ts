/** Names of the bytes that readers of records compare with. */
export const tab = 0x09;
export const lineFeed = 0x0a;
export const carriageReturn = 0x0d;
export const space = 0x20;
export const quote = 0x22;
export const plus = 0x2b;
export const comma = 0x2c;
export const minus = 0x2d;
export const dot = 0x2e;
export const zero = 0x30;
export const nine = 0x39;
export const colon = 0x3a;
export const letterT = 0x54;
export const letterZ = 0x5a;
export const openingList = 0x5b;
export const backslash = 0x5c;
export const closingList = 0x5d;
export const letterA = 0x61;
export const letterE = 0x65;
export const letterF = 0x66;
export const letterN = 0x6e;
export const letterU = 0x75;
export const opening = 0x7b;
export const closing = 0x7d;

/** Turns a capital letter into its small one; other bytes into something else. */
export const small = (byte: number): number => byte | 0x20;

export const isDigit = (byte: number): boolean => byte >= zero && byte <= nine;
