/**
 * The container runtime interface's log: `2026-01-29T08:51:24.967123456Z stdout F text`, where `P` flags a part whose
 * line goes on in the next (kubernetes/kubernetes, CRI logging design).
 */
import { codeOf, colonCode, spaceCode } from '../text.ts';
import { noteTime, type TextEnvelope } from './envelope.ts';

export const cri: TextEnvelope = {
  name: 'cri',
  open: (line, wrapping) => {
    if (line.charCodeAt(10) !== letterT) return null;
    // The time has a fixed shape and a varying length: 20 to 35 characters.
    const stream = line.indexOf(' std');
    if (stream < 20 || stream > 35) return null;
    const name = line.startsWith('out ', stream + 4) ? 'stdout' : line.startsWith('err ', stream + 4) ? 'stderr' : '';
    const tag = line.charCodeAt(stream + 8);
    const next = line.charCodeAt(stream + 9);
    if (
      name === '' ||
      (tag !== fullTag && tag !== partialTag) ||
      (next !== spaceCode && next !== colonCode && stream + 9 < line.length)
    )
      return null;
    noteTime(line, wrapping);
    wrapping.fields.push('stream', name);
    if (tag === partialTag) wrapping.fields.push('log.flags', 'partial');
    return line.slice(stream + 10);
  },
};

const letterT = codeOf('T');
const [fullTag, partialTag] = [codeOf('F'), codeOf('P')];
