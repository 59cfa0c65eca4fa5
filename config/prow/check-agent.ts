import { pipelineOf, pipelineProblem } from './check-pipeline.ts';
import type { Complain } from './complain.ts';
import type { Job } from './jobs.ts';

const AGENTS = new Set(['kubernetes', 'jenkins', 'tekton-pipeline']);

type Mistake = readonly [wrong: boolean, field: string, why: string, next: string];

/** Reports what does not go with a job's agent (J§4.5); like Prow, nothing of an agent that it does not know. */
export function checkAgent(job: Job, podNamespace: string, complain: Complain): void {
  if (!AGENTS.has(job.agent)) return;
  const [, field, why, next] = mistakes(job, podNamespace).find(([wrong]) => wrong) ?? [];
  if (field !== undefined && why !== undefined && next !== undefined) {
    complain([field], why, next);
    return;
  }
  const pipeline = pipelineOf(job);
  const problem = pipeline && pipelineProblem(job, pipeline.spec);
  if (pipeline !== undefined && problem !== undefined) {
    complain([pipeline.field], problem, 'Make the tasks and extra_refs fit.');
  }
}

function mistakes(job: Job, podNamespace: string): readonly Mistake[] {
  const { agent, namespace, spec } = job;
  const pipeline = pipelineOf(job);
  const [pod, tekton] = [agent === 'kubernetes', agent === 'tekton-pipeline'];
  return [
    [spec !== undefined && !pod, 'spec', `agent ${agent} takes no spec`, 'Remove one of the two.'],
    [pod && spec === undefined, 'spec', 'it has no container', 'Add spec.containers.'],
    [
      pipeline !== undefined && !tekton,
      pipeline?.field ?? '',
      `agent ${agent} runs no pipeline`,
      'Remove the pipeline, or set agent: tekton-pipeline.',
    ],
    [
      tekton && pipeline === undefined,
      'agent',
      'it has no pipeline to run',
      'Add pipeline_run_spec or tekton_pipeline_run_spec.',
    ],
    [
      job.decoration_config !== undefined && !pod,
      'decoration_config',
      `agent ${agent} takes no decoration`,
      'Remove it.',
    ],
    [
      job.error_on_eviction && !pod,
      'error_on_eviction',
      `agent ${agent} knows no error_on_eviction`,
      'Remove it.',
    ],
    [
      namespace !== podNamespace && !tekton,
      'namespace',
      `namespace ${namespace} is not pod_namespace`,
      `Remove the namespace, or set it to ${podNamespace}.`,
    ],
  ];
}
