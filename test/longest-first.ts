import { BaseSequencer, type TestSpecification } from 'vitest/node';

/**
 * Files that take minutes, in the order in which they begin. Under kill -9 everything starts again and again, so
 * its neighbour is one that mostly waits; real Prow needs both cores, and comes when that is over.
 */
const LONG = [
  'system/chaos',
  'system/faults',
  'system/real-github',
  'system/up',
  'system/pods',
  'system/decorated-pods',
  'system/configuration',
  'workflows/pull-request',
  'conformance/conformance',
  'system/deliveries',
  'system/pod-chaos',
  'workflows/',
];

/** Runs what takes long first: at the end one core would stand idle beside the last long file. */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rank = ({ moduleId }: TestSpecification): number => {
      const at = LONG.findIndex((path) => moduleId.includes(`/test/${path}`));
      return at < 0 ? LONG.length : at;
    };
    return (await super.sort(files)).sort((one, other) => rank(one) - rank(other));
  }
}
