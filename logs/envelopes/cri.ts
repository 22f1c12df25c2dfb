import { noteTime, type TextEnvelope } from './envelope.ts';

/**
 * The container runtime interface's log: `2026-01-29T08:51:24.967123456Z stdout F text`, where `P` marks a piece whose
 * line goes on in the next (kubernetes/kubernetes, CRI logging design).
 */
export const cri: TextEnvelope = {
  name: 'cri',
  open: (line, wrapping) => {
    if (line.charCodeAt(10) !== T) return null;
    // The time has a fixed shape and a varying length: 20 to 35 characters.
    const stream = line.indexOf(' std');
    if (stream < 20 || stream > 35) return null;
    const name = line.startsWith('out ', stream + 4) ? 'stdout' : line.startsWith('err ', stream + 4) ? 'stderr' : '';
    const tag = line.charCodeAt(stream + 8);
    const next = line.charCodeAt(stream + 9);
    if (name === '' || (tag !== FULL && tag !== PARTIAL) || (next !== 32 && next !== 58 && stream + 9 < line.length))
      return null;
    noteTime(line, wrapping);
    wrapping.fields.push('stream', name);
    if (tag === PARTIAL) wrapping.fields.push('log.flags', 'partial');
    return line.slice(stream + 10);
  },
};

const T = 84;
const FULL = 70;
const PARTIAL = 80;
