import type { FastifyInstance } from 'fastify';
import { stringify } from 'yaml';
import { z } from 'zod';
import { listProwJobs, type RunFilter } from '../../activities/database/runs.ts';
import type { PageDependencies } from '../dependencies.ts';
import type { FindRun } from '../pages/run-addresses.ts';
import { sendJson } from './answers.ts';

const query = z.object({
  var: z.unknown().optional(),
  omit: z
    .string()
    .catch('')
    .transform((text) => text.split(',').map((name) => name.trim())),
  org: z.string().optional().catch(undefined),
  repo: z.string().optional().catch(undefined),
  owner: z.string().optional().catch(undefined),
});

/** Prow keeps finished runs in sight for days; the newest of them are enough for what reads this. */
const MOST = 5_000;

/** `/prowjobs.js` and `/prowjob` in Prow's shape (S§2). */
export function serveProwJobs(
  app: FastifyInstance,
  { database, findRun }: PageDependencies & { readonly findRun: FindRun },
): void {
  app.get<{ Querystring: { var?: unknown } }>('/prowjobs.js', async (request, reply) => {
    const { omit, org, repo, owner } = query.parse(request.query);
    const filter: RunFilter = {
      ...(org ? { org } : {}),
      ...(repo ? { repo } : {}),
      ...(owner ? { author: owner } : {}),
    };
    const found = await listProwJobs(database, filter, { limit: MOST });
    const items = found.map((prowjob) => withoutOmitted(withoutSecrets(prowjob), new Set(omit)));
    return sendJson(request, reply, { items });
  });
  app.get<{ Querystring: { prowjob?: unknown } }>('/prowjob', async (request, reply) => {
    const run = await findRun(String(request.query.prowjob ?? ''));
    return reply.type('text/plain; charset=utf-8').send(stringify(withoutSecrets(run.prowjob)));
  });
}

const container = z.looseObject({
  env: z
    .array(z.looseObject({ name: z.string().optional(), value: z.string().optional() }))
    .optional(),
});

const podSpec = z.looseObject({
  containers: z.array(container).optional(),
  initContainers: z.array(container).optional(),
});

const shape = z.looseObject({
  metadata: z.looseObject({}).optional(),
  spec: z.looseObject({ pod_spec: podSpec.optional() }).optional(),
});

const SECRET_NAME = /token|secret|passw|credential|api_?key|private_?key/i;

type Container = z.output<typeof container>;

/** Literal values of variables that are called like secrets are nobody's business. */
function withoutSecrets(prowjob: unknown): unknown {
  const parsed = shape.safeParse(prowjob);
  const pod = parsed.data?.spec?.pod_spec;
  if (!parsed.success || pod === undefined) return prowjob;
  const { containers, initContainers } = pod;
  const cleaned = {
    ...pod,
    ...(containers ? { containers: containers.map(masked) } : {}),
    ...(initContainers ? { initContainers: initContainers.map(masked) } : {}),
  };
  return { ...parsed.data, spec: { ...parsed.data.spec, pod_spec: cleaned } };
}

function masked(one: Container): Container {
  if (one.env === undefined) return one;
  const env = one.env.map((variable) =>
    SECRET_NAME.test(variable.name ?? '') && variable.value
      ? { ...variable, value: 'not shown' }
      : variable,
  );
  return { ...one, env };
}

/** Leaves out the heavy parts; of a pod one empty object per container is left, since pages count them. */
function withoutOmitted(prowjob: unknown, omit: ReadonlySet<string>): unknown {
  const parsed = shape.safeParse(prowjob);
  if (!parsed.success) return prowjob;
  const { metadata, spec, ...rest } = parsed.data;
  const drop = (key: string): Record<string, undefined> =>
    omit.has(key) ? { [key]: undefined } : {};
  const pod = spec?.pod_spec;
  const emptied = pod ? { containers: (pod.containers ?? []).map(() => ({})) } : undefined;
  return {
    ...rest,
    ...(metadata ? { metadata: { ...metadata, ...drop('annotations'), ...drop('labels') } } : {}),
    ...(spec
      ? {
          spec: {
            ...spec,
            ...drop('decoration_config'),
            ...(omit.has('pod_spec') ? { pod_spec: emptied } : {}),
          },
        }
      : {}),
  };
}
