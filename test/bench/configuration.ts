/** Organisation and repositories of the benchmark: one with a job, one without. */
export const PLACES = {
  org: 'bench',
  jobs: 'bench/jobs',
  quiet: 'bench/quiet',
} as const;

/** Who takes part. */
export const PEOPLE = { author: 'ann', reviewer: 'bob', owner: 'carol', bot: 'bench-bot' } as const;

/** The job says when it began; `strict` in the base makes pull requests with a file `loose-…` fail. */
const SCRIPT = 'date +%s%3N; if [ -e strict ] && ls loose-* > /dev/null 2>&1; then exit 1; fi';

/** Prow's three kinds of files. */
export const CONFIGURATION = {
  'config.yaml': `tide:
  queries:
  - repos: [${PLACES.jobs}, ${PLACES.quiet}]
    labels: [lgtm, approved]
    missingLabels: [do-not-merge/hold, needs-ok-to-test]
`,
  'plugins.yaml': `plugins:
  ${PLACES.jobs}:
    plugins: [trigger, lgtm, approve, size, hold]
  ${PLACES.quiet}:
    plugins: [trigger, lgtm, approve, size, hold]
`,
  'jobs.yaml': `presubmits:
  ${PLACES.jobs}:
  - name: unit
    always_run: true
    decorate: false
    spec:
      containers:
      - image: sh
        command: [sh, -c, '${SCRIPT}']
`,
} as const;

/** The first commit of both repositories. */
export const FILES = {
  'README.md': '# bench\n',
  OWNERS: `approvers:\n- ${PEOPLE.owner}\nreviewers:\n- ${PEOPLE.reviewer}\n- ${PEOPLE.owner}\n`,
} as const;
