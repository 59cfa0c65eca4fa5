import type { Attempt } from '../../workflows/ports.ts';
import type { RenderedPod } from '../rendered-run.ts';
import { FINALIZER, MARKS } from './pod.ts';

/** The rendered pod with what lets us find its run again, and see its end. */
export function markedPod(pod: RenderedPod, attempt: Attempt): object {
  const { metadata } = pod;
  const annotations = { ...metadata.annotations, [MARKS.attempt]: `${attempt.attempt}` };
  return { ...pod, metadata: { ...metadata, annotations, finalizers: [FINALIZER] } };
}
