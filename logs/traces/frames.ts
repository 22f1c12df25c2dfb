/**
 * Frames of traces: the lines that name the calls which led to where something was thrown.
 */
import { hashSignCode, isDigit, openParenCode, spaceCode } from '../text.ts';

/** `at shop.Cart.add(Cart.java:12)`, `from /app/cart.rb:6`, `#0 /app/cart.php(9): pay()`, `goroutine 7 [running]:`. */
export function isFrame(text: string, at: number, end: number): boolean {
  if (text.startsWith('at ', at) || text.startsWith('eval at ', at)) {
    const place = text.slice(at + 3, Math.min(end, at + maxName));
    return /[.(/:<]/.test(place);
  }
  if (text.startsWith('from ', at)) return /:\d/.test(text.slice(at, Math.min(end, at + maxName)));
  if (text.startsWith('#', at)) return isNumberedFrame(text, at, end);
  if (text.startsWith('goroutine ', at)) return isDigit(text.charCodeAt(at + 10));
  // Ruby's own and Elixir's.
  if (text.charCodeAt(at) === openParenCode)
    return /^\([\w.]+(?: [\w.-]+)?\) \S+:\d+: /.test(text.slice(at, at + maxName));
  return /^\S+\.rb:\d+:in /.test(text.slice(at, Math.min(end, at + maxName)));
}

/** `#0 /app/cart.php(9): pay()`, `#12     main (package:shop/cart.dart:3:5)`, `#1  0x00007f in main () at cart.c:3`. */
export function isNumberedFrame(text: string, at: number, end: number): boolean {
  let number = at + 1;
  while (isDigit(text.charCodeAt(number))) number++;
  if (number === at + 1 || text.charCodeAt(at) !== hashSignCode || text.charCodeAt(number) > spaceCode) return false;
  // What Docker builds has the number of its step and seconds in front.
  if (isDigit(text.charCodeAt(number + 1)) && seconds.test(text.slice(number, number + longestSeconds))) return false;
  return /\(|\{main\}|:\d|^ +0x/.test(text.slice(number, Math.min(end, at + maxName)));
}

const maxName = 200;
const seconds = /^ \d+\.\d/;
const longestSeconds = 12;
