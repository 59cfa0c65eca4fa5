import { z } from 'zod';

const record = z.object({
  spec: z.object({
    type: z.string(),
    job: z.string(),
    context: z.string().default(''),
    rerun_command: z.string().default(''),
    refs: z
      .object({
        org: z.string(),
        repo: z.string(),
        base_ref: z.string(),
        base_sha: z.string().default(''),
        pulls: z.array(z.object({ number: z.number(), sha: z.string() })).default([]),
      })
      .optional(),
  }),
  status: z.object({ state: z.string().default(''), description: z.string().default('') }),
});

const records = z.object({ items: z.array(record) });

/** A run record as Prow's API and `/prowjobs.js` show it. */
export type RunSeen = z.infer<typeof record>;

/** Those of one repository (`ORG/REPO`) in a listing. */
export function runsIn(listing: unknown, repository: string): readonly RunSeen[] {
  return records
    .parse(listing)
    .items.filter(({ spec: { refs } }) => refs && `${refs.org}/${refs.repo}` === repository);
}
