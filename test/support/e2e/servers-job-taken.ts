/** The job of servers-job.ts, as a second process takes it over. */
import { orders } from './servers-job.ts';

export default orders('taken');
