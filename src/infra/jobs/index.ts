export { FinalError, JobError, RetryableError, type FailedAttempt } from './errors.js';
export { defineJob, defineLane, type Job, type JobOptions, type JobRun, type Lane } from './job.js';
export { createJobs, type EnqueueOptions, type Jobs, type ScheduleOptions } from './jobs.js';
export { createLeaseTokens, type LeaseTokens } from './lease-tokens.js';
export type { FailedJob, JobFigures } from './overview.store.js';
export { exponential, noRetry, type RetryPolicy } from './retry.js';
export type { JobSource, LaneDown } from './runner.js';
export type { SlotPayload } from './schedule.js';
export { jobCollections } from './personal-collections.js';
