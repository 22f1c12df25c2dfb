/**
 * The pod and the container in front of a line: `[pod/cart-75ff987878-kh56q/server] ` of `kubectl logs --prefix`,
 * `cart-75ff987878-kh56q server ` of stern, `[cart-75ff987878-kh56q server] ` of kubetail. A pod's name is known by
 * what Kubernetes appends to that of its workload, which is the service.
 */
import {
  closeBracketCode,
  dotCode,
  isDigit,
  isLetter,
  isLower,
  minusCode,
  openBracketCode,
  spaceCode,
} from '../text.ts';
import type { TimestampScanner } from '../times/timestamps.ts';
import type { Mark } from './mark.ts';
import { speaksBehindRuntime, speaksForItself } from './speaking.ts';
import type { Wrapper } from './wrapper.ts';

export const pod: Wrapper = {
  name: 'pod',
  find: (line, at, mark) => {
    const isBracketed = line.charCodeAt(at) === openBracketCode;
    if (isBracketed && line.startsWith('pod/', at + 1)) return behindPrefix(line, at, mark);
    let start = isBracketed ? at + 1 : at;
    if (!isLower(line.charCodeAt(start))) return -1;
    let end = nameEnd(line, start);
    // The namespace stands before the pod where several are read.
    if (!isBracketed && isPodBehind(line, end, mark.scanner)) {
      start = end + 1;
      end = nameEnd(line, start);
    }
    if (line.charCodeAt(end) !== (isBracketed ? closeBracketCode : spaceCode) && line.charCodeAt(end) !== spaceCode)
      return -1;
    const length = workloadLength(line, start, end);
    if (length === 0) return -1;
    let content = end;
    if (line.charCodeAt(end) === spaceCode) {
      content = nameEnd(line, end + 1);
      // A pod of a set has a number only, as many words have: its container is named as it is.
      const isSure = end - start - length > 2 && line.charCodeAt(start + length + 1) !== minusCode;
      if (content === end + 1) return -1;
      const isKnown = isNamedAs(line, start, end) || speaksForItself(line, content + 1, mark.scanner);
      if (!isKnown && !(isSure && isHashed(line, start + length, end))) return -1;
    } else if (!isBracketed) return -1;
    if (isBracketed && line.charCodeAt(content++) !== closeBracketCode) return -1;
    if (line.charCodeAt(content) > spaceCode) return -1;
    mark.nameStart = start;
    mark.nameEnd = isBracketed ? content - 1 : content;
    return Math.min(content + 1, line.length);
  },
  note: (line, { nameStart, nameEnd: namesEnd }, wrapping) => {
    const end = nameEnd(line, nameStart);
    wrapping.fields.push('kubernetes.pod.name', line.slice(nameStart, end));
    if (namesEnd > end + 1) wrapping.fields.push('kubernetes.container.name', line.slice(end + 1, namesEnd));
    const length = workloadLength(line, nameStart, end) || end - nameStart;
    if (wrapping.service === '') wrapping.service = line.slice(nameStart, nameStart + length);
  },
};

/** Whether the name of a pod with letters that were made up, and of its container, follow on the name before `at`. */
function isPodBehind(line: string, at: number, scanner: TimestampScanner): boolean {
  if (line.charCodeAt(at) !== spaceCode || !isLower(line.charCodeAt(at + 1))) return false;
  const end = nameEnd(line, at + 1);
  if (end - at < shortestPod || line.charCodeAt(end) !== spaceCode || !isLower(line.charCodeAt(end + 1))) return false;
  const length = workloadLength(line, at + 1, end);
  const content = nameEnd(line, end + 1);
  if (length === 0 || end - at - 1 - length < hashLength || line.charCodeAt(content) !== spaceCode) return false;
  return speaksForItself(line, content + 1, scanner) || speaksBehindRuntime(line, content + 1);
}

function behindPrefix(line: string, at: number, mark: Mark): number {
  const end = line.slice(at, at + longestPrefix).indexOf('] ');
  if (end < 0) return -1;
  mark.nameStart = at + 5;
  mark.nameEnd = at + end;
  return at + end + 2;
}

/** The end of a name as Kubernetes allows it. */
function nameEnd(line: string, at: number): number {
  const limit = at + longestPrefix;
  let end = at;
  for (let code = line.charCodeAt(at); end < limit; code = line.charCodeAt(++end))
    if (!isLower(code) && !isDigit(code) && code !== minusCode && code !== dotCode) break;
  return end;
}

/**
 * The workload that a pod is one of, by what Kubernetes appended to its name; the name itself if nothing was.
 *
 * @example
 * workloadOf('cart-75ff987878-kh56q') // => 'cart'
 * workloadOf('kafka-0') // => 'kafka'
 */
export const workloadOf = (pod: string): string => pod.slice(0, workloadLength(pod, 0, pod.length) || pod.length);

/**
 * The length of the workload's name in that of a pod: without `-75ff987878-kh56q`, `-kh56q` or `-0`; 0 if the name has
 * none of these endings.
 */
function workloadLength(line: string, start: number, end: number): number {
  const last = line.lastIndexOf('-', end - 1);
  if (last <= start) return 0;
  if (isNumber(line, last + 1, end)) return last - start;
  if (end - last !== 6 || !isMade(line, last + 1, end) || allDigits(line, last + 1, end)) return 0;
  const before = line.lastIndexOf('-', last - 1);
  const isReplica = before > start && last - before >= 7 && last - before <= 11 && isMade(line, before + 1, last);
  return (isReplica ? before : last) - start;
}

/** Whether a name ends in letters that were made up, and not in a number alone. */
const isHashed = (line: string, from: number, end: number): boolean => !isNumber(line, from + 1, end);

/** Whether the container behind `end` is named as the pod between `start` and `end`. */
function isNamedAs(line: string, start: number, end: number): boolean {
  const container = line.slice(end + 1, nameEnd(line, end + 1));
  const { length } = container;
  return line.startsWith(container, start) && line.charCodeAt(start + length) === minusCode;
}

/** Whether characters are such as Kubernetes makes up names of: no vowels, which could make words. */
function isMade(line: string, from: number, end: number): boolean {
  for (let at = from; at < end; at++) {
    const code = line.charCodeAt(at);
    if (isLetter(code) ? vowels.includes(line.charAt(at)) : !isDigit(code)) return false;
  }
  return true;
}

function isNumber(line: string, from: number, end: number): boolean {
  return end - from <= 4 && end > from && allDigits(line, from, end);
}

function allDigits(line: string, from: number, end: number): boolean {
  for (let at = from; at < end; at++) if (!isDigit(line.charCodeAt(at))) return false;
  return true;
}

const vowels = 'aiou';
/** A pod's name, and what was made up of it with a dash. */
const [shortestPod, hashLength] = [8, 6];
/** Of a pod and a container together. */
const longestPrefix = 320;
