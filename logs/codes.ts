/**
 * The level that the code of a message names, where nothing else does: the codes of IBM and others say by a letter how
 * bad it is (`SRVE0068E:`, `ABC-1234-W`, `XYZ-E-0042`), those of Oracle are errors (`ORA-00600:`), and a kernel cries.
 */
import { type Level, levelOf, plainLevelOf } from './levels.ts';
import { colonCode, isBlank, isDigit, isUpper, minusCode, openBracketCode, spaceCode } from './text.ts';

/**
 * The level of the code that a text, or one of its next lines, begins with; null for none.
 *
 * @example
 * levelOfCode('SRVE0068E: Uncaught exception') // => 'ERROR'
 * levelOfCode('AMQ8024I: channel started') // => 'INFO'
 * levelOfCode('ORA-00600: internal error') // => 'ERROR'
 * levelOfCode('SQL0911N  Rolled back') // => 'ERROR'
 * levelOfCode('SHOP-1234: fix the cart') // => null
 */
// hot: called for every line of text that shows no level; most have a small letter as their second sign.
export function levelOfCode(text: string): Level | null {
  let at = 0;
  for (let lines = 0; lines < mostLines; lines++) {
    const level = codeAt(text, at);
    if (level !== null) return level;
    at = text.indexOf('\n', at) + 1;
    if (at === 0) return null;
  }
  return null;
}

function codeAt(text: string, start: number): Level | null {
  const isOpen = text.charCodeAt(start) === openBracketCode;
  const at = isOpen ? start + 1 : start;
  if (!isUpper(text.charCodeAt(at)) || !isUpper(text.charCodeAt(at + 1))) return null;
  let end = at + 2;
  while (end < at + longest && isUpper(text.charCodeAt(end))) end++;
  const name = end;
  const isDashed = text.charCodeAt(end) === minusCode;
  if (isDashed) end++;
  // `XYZ-E-0042`.
  if (isDashed && text.charCodeAt(end + 1) === minusCode && isDigit(text.charCodeAt(end + 2)))
    return levelOfLetter(text.charAt(end));
  const number = end;
  while (end < number + longest && isDigit(text.charCodeAt(end))) end++;
  const count = end - number;
  if (count < 3) return null;
  if (isDashed && count === 5 && text.charCodeAt(end) === colonCode && isBlank(text.charCodeAt(end + 1)))
    return oracles.has(text.slice(at, name)) ? 'ERROR' : null;
  const isSplit = text.charCodeAt(end) === minusCode;
  if (isSplit) end++;
  const behind = text.charCodeAt(end + 1);
  if (isUpper(behind) || isDigit(behind) || !(isOpen || behind === colonCode || !(behind > spaceCode))) return null;
  // A short number with a letter may be a name of something: `MODEL501E is out`.
  if (count < 4 && !isSplit && behind !== colonCode) return null;
  if (name - at < 3) return null;
  // Db2's errors are negative.
  return text.charAt(end) === 'N' && text.startsWith('SQL', at) ? 'ERROR' : levelOfLetter(text.charAt(end));
}

function levelOfLetter(letter: string): Level | null {
  if (letter === 'S') return 'ERROR';
  return letters.includes(letter) ? levelOf(letter) : null;
}

/**
 * The level of what a kernel says: its own end, or a word for a level behind the name of what speaks; null for none.
 *
 * @example
 * levelOfKernel('EXT4-fs error (device sda1): bad inode') // => 'ERROR'
 * levelOfKernel('divide error: 0000 [#1] SMP') // => 'ERROR'
 * levelOfKernel('usb 1-1: new device, error counter 0') // => null
 */
export function levelOfKernel(message: string): Level | null {
  const text = message.slice(0, longestHead).replace(/^\[ *\d+\.\d+\] +/, '');
  if (
    isKernelCry(text) ||
    /^\w+: BUG: |: [\da-f]+ \[#\d+\]/.test(text) ||
    /^(?:kernel BUG at|Unable to handle kernel) /.test(text)
  )
    return 'ERROR';
  const word = /^(?:[\w./-]+:? ){0,2}\[?(?:\w+ )?([A-Za-z]+)\]?(?:: | \()/.exec(text)?.[1];
  return word === undefined ? null : plainLevelOf(word);
}

/**
 * Whether systemd says that a unit has failed. That its process ended with a code is told as of any other program.
 *
 * @example
 * failsUnit("cart.service: Failed with result 'exit-code'.") // => true
 * failsUnit('Failed to start cart.service - The cart.') // => true
 * failsUnit('Started cart.service - The cart.') // => false
 */
export function failsUnit(text: string): boolean {
  for (let i = 0; i < failures.length; i++) if (text.startsWith(failures[i]!)) return true;
  const unit = text.indexOf(': ');
  return unit > 0 && (text.startsWith("Failed with result '", unit + 2) || text.startsWith(outOfMemory, unit + 2));
}

const failures = [
  ...['Failed to start ', 'Failed to mount ', 'Failed to listen on ', 'Failed to activate ', 'Failed unmounting '],
  ...['Dependency failed for ', 'Timed out starting ', 'Timed out mounting ', 'Timed out waiting for device '],
];
const outOfMemory = 'A process of this unit has been killed by the OOM killer';

/** Whether a text begins as the report of a kernel that went wrong. */
// hot: called for every line of text that shows no level.
export function isKernelCry(text: string): boolean {
  if (!isUpper(text.charCodeAt(0))) return false;
  for (let i = 0; i < cries.length; i++) if (text.startsWith(cries[i]!)) return true;
  return false;
}

const cries = ['BUG: ', 'Oops: ', 'Oops[', 'Kernel panic'];
const letters = 'IWECFD';
const longest = 12;
const longestHead = 120;
const mostLines = 4;
/** Programs of Oracle whose codes are errors. */
const oracles = new Set('ORA TNS PLS RMAN IMP EXP KUP LRM OCI UDE UDI'.split(' '));
