/**
 * Frames of traces: the lines that name the calls which led to where something was thrown.
 */
import { isDigit, openParenCode, spaceCode } from '../text.ts';

/** `at shop.Cart.add(Cart.java:12)`, `from /app/cart.rb:6`, `#0 /app/cart.php(9): pay()`, `goroutine 7 [running]:`. */
export function isFrame(text: string, at: number, end: number): boolean {
  if (text.startsWith('at ', at) || text.startsWith('eval at ', at)) {
    const place = text.slice(at + 3, Math.min(end, at + maxName));
    return /[.(/:<]/.test(place);
  }
  if (text.startsWith('from ', at)) return /:\d/.test(text.slice(at, Math.min(end, at + maxName)));
  if (text.startsWith('#', at)) return isDigit(text.charCodeAt(at + 1)) && text.charCodeAt(at + 2) <= spaceCode;
  if (text.startsWith('goroutine ', at)) return isDigit(text.charCodeAt(at + 10));
  // Ruby's own and Elixir's.
  if (text.charCodeAt(at) === openParenCode)
    return /^\([\w.]+(?: [\w.-]+)?\) \S+:\d+: /.test(text.slice(at, at + maxName));
  return /^\S+\.rb:\d+:in /.test(text.slice(at, Math.min(end, at + maxName)));
}

const maxName = 200;
