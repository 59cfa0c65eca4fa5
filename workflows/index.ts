export { branch } from './branch.ts';
export { commit } from './commit.ts';
export { issue } from './issue.ts';
export { job } from './job.ts';
export { mergePool } from './merge-pool.ts';
export { pullRequest } from './pull-request.ts';
export { repair } from './repair.ts';
export { slots } from './slots.ts';
