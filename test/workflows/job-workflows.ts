export { job } from '../../workflows/job.ts';
export { slots } from '../../workflows/slots.ts';
