/** The job of servers-job.ts, as workers share it. */
import { orders } from './servers-job.ts';

export default orders('shared');
