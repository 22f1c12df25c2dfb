import { memoryTopics } from '../../topics/memory.ts';
import { topicsConformance } from '../conformance/topics.ts';

topicsConformance('topics in memory', async () => {
  const topics = memoryTopics();
  return { topics, lose: (membership) => topics.lose(membership), close: () => topics.close() };
}, [{ reason: 'memory keeps nothing', tests: ['topics survive reopening, with marks and offsets'] }]);
