import { type Batch, memoised } from './batch.ts';

/** The head of the base branch now; the base SHA of an event may be long past (W§1.1). */
export function baseHead(batch: Batch, baseRef: string): Promise<string> {
  return memoised(batch, `base ${baseRef}`, () =>
    batch.sources.github.branchHead(batch.input.repository, baseRef),
  );
}
