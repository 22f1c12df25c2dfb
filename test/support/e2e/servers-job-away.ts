/** The job of servers-job.ts, whose servers go away and come back. */
import { orders } from './servers-job.ts';

export default orders('away');
