import type { RunRefs } from '../config/rendering/run.ts';
import type { SlackTelling } from '../config/rendering/slack.ts';
import type { RunRequest } from '../workflows/domain/run.ts';
import type { Scheduler } from './choose-cluster.ts';

/** One container of a job, as far as an executor without images needs it. */
export interface RenderedContainer {
  readonly name: string;
  readonly argv: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  /** Name of its log beside `started.json`. */
  readonly log: string;
  readonly workingDir?: string | undefined;
}

/** A pod as the configuration renders it. */
export interface RenderedPod {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace: string;
    readonly labels: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
  };
  readonly spec: unknown;
}

/** Where a run's files lie in the bucket, by build id. */
export interface RenderedPlace {
  /** The bucket's URL, without a trailing slash: `gs://BUCKET`, `file:///FOLDER`. */
  readonly bucket: string;
  /** Without a trailing slash. */
  readonly folder: string;
  /** Small objects that point to it: the alias, `latest-build.txt`. */
  readonly pointers: readonly RunPointer[];
}

/** A small object that says where a run is, or which one is the newest. */
export interface RunPointer {
  readonly path: string;
  readonly content: string;
  readonly metadata?: Readonly<Record<string, string>>;
}

/** What the ProwJob object shows of a run's progress (J§1.1.2). */
export interface RenderedStatus {
  readonly startTime: string;
  readonly pendingTime: string;
  readonly completionTime: string;
  readonly state: string;
  readonly description: string;
  readonly url: string;
  readonly buildId: string;
  /** The cluster that was chosen for it, if that is another than the job's. */
  readonly cluster?: string | undefined;
}

/** All that the configuration says of one run. */
export interface RenderedRun {
  readonly agent: string;
  /** Alias of the build cluster that the job names. */
  readonly cluster: string;
  /** Who may choose another one when the run starts. */
  readonly scheduler?: Scheduler | undefined;
  /** `disabled_clusters`: contexts that count as not there (J§4.2). */
  readonly disabledClusters?: readonly string[];
  /** The pod utilities upload log and artifacts; else the log is read from the cluster. */
  readonly decorated: boolean;
  /** An evicted pod is an error instead of a new attempt. */
  readonly errorOnEviction: boolean;
  readonly maxConcurrency: number;
  readonly jobQueue: string;
  readonly jobQueueCapacity: number;
  readonly overallConcurrency: number;
  /** Milliseconds. */
  readonly pendingTimeout: number;
  /** Until a pod has a node. */
  readonly unscheduledTimeout: number;
  readonly runningTimeout: number;
  readonly maxRevivals: number;
  /** Of the job's own command, milliseconds. */
  readonly timeout: number;
  readonly gracePeriod: number;
  readonly containers: readonly RenderedContainer[];
  /** What Slack is told of it, if anything. */
  readonly slack?: SlackTelling | undefined;
  /** What is cloned, the code under test first. */
  readonly clones: readonly RunRefs[];
  /** Nothing if the job has none: another agent's. */
  pod(buildId: string): RenderedPod | undefined;
  environment(buildId: string): Readonly<Record<string, string>>;
  place(buildId: string): RenderedPlace;
  url(buildId: string): string;
  prowjob(status: RenderedStatus): unknown;
}

/** Renders a run from the configuration that it names; a text says in words why it cannot be. */
export type RenderRun = (run: RunRequest) => Promise<RenderedRun | string>;
