/**
 * Words that mean the same in every log: what the rules know of English and of units. No word stands here for the sake
 * of one system.
 */

const list = (words: string): ReadonlySet<string> => new Set(words.split(' '));

/** Function words and what happens to things: a place where these change tells events apart, it holds no values. */
export const telling = list(
  'a an the is are was were be been being not no never has have had do does did can cannot could will would should ' +
    'may must and or but if then than when while because since until of in on at to with without as into onto over ' +
    'under after before during between through via due it its this that these those failed fail failure failing ' +
    'success succeeded successful successfully error errors warning start started starting starts stop stopped ' +
    'stopping stops begin begins began end ends ended ending open opened opening close closed closing create created ' +
    'creating delete deleted deleting add added adding remove removed removing enable enabled disable disabled ' +
    'connect connected connecting disconnect disconnected accept accepted reject rejected read reading write writing ' +
    'written send sending sent receive received receiving load loaded loading up down timeout ' +
    'done finished completed complete invalid missing found',
);

/** Units of sizes, rates and times, in small letters. */
export const units = list(
  'b kb mb gb tb kib mib gib bytes byte ms s sec secs second seconds us ns min mins minute minutes hour hours hr hrs ' +
    'day days kbps mbps hz khz mhz ghz',
);

/** Words that a name follows. */
export const naming = list('for from by user host node');

/** Keys whose value says what happened. */
export const eventKeys = list('msg message event error err exception title text');

/** Values that look like words. */
export const constants = list('true false null TRUE FALSE NULL True False');

/** Months and days of the week: parts of dates. */
export const calendar = list(
  'Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec Mon Tue Wed Thu Fri Sat Sun January February March April June ' +
    'July August September October November December Monday Tuesday Wednesday Thursday Friday Saturday Sunday',
);

/** What a request begins with. */
export const methods = list('GET POST PUT DELETE HEAD OPTIONS PATCH CONNECT TRACE');
