import { orders } from './servers-job.ts';

export default orders('taken');
