/** Finds a small text that breaks the same claim: takes away ever smaller parts as long as it stays broken. */

/** `breaks` is asked at most `tries` times. */
export async function shrunk(text: string, breaks: (text: string) => Promise<boolean>, tries = 1500): Promise<string> {
  let left = tries;
  for (const unit of ['\n', '']) {
    let parts = text.split(unit);
    for (let size = parts.length >> 1; size >= 1; size = size >> 1) {
      for (let at = 0; at < parts.length && parts.length > 1; ) {
        if (left-- <= 0) return parts.join(unit);
        const fewer = [...parts.slice(0, at), ...parts.slice(at + size)];
        if (await breaks(fewer.join(unit))) parts = fewer;
        else at += size;
      }
    }
    text = parts.join(unit);
  }
  return text;
}
