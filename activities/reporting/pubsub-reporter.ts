import { GoogleAuth } from 'google-auth-library';
import { z } from 'zod';
import { type Reporter, ReportRefused, type RunNews } from './reporter.ts';

/** What the reporter for Google's Pub/Sub needs. */
export interface PubSubReporterSetting {
  /** Root of the API, which is then asked as nobody: an emulator's. Else it is Google's, asked with the machine's account. */
  readonly endpoint?: string;
}

const GOOGLE = 'https://pubsub.googleapis.com';
const SCOPE = 'https://www.googleapis.com/auth/pubsub';
const LIMIT_MS = 4_000;

const marks = z.record(z.string(), z.string()).catch({});
const job = z.object({
  metadata: z.object({ labels: marks, annotations: marks }),
  spec: z
    .object({ refs: z.unknown().optional(), extra_refs: z.array(z.unknown()).default([]) })
    .prefault({}),
});

/** Where a run's changes are published. */
interface Place {
  readonly project: string;
  readonly topic: string;
  readonly runid: string;
}

/** Prow's `pubsub-reporter`: a message per state, for jobs whose annotations name a topic (J§1.6, R15). */
export function createPubSubReporter(setting: PubSubReporterSetting): Reporter {
  const publish = createPublisher(setting);
  return {
    name: 'pubsub-reporter',
    wants: (news) => placeOf(news) !== undefined,
    report: async (news) => {
      const place = placeOf(news);
      if (place !== undefined) await publish(place, messageOf(news, place));
    },
  };
}

/** By annotations; labels are the older way. */
function placeOf({ prowjob }: RunNews): Place | undefined {
  const parsed = job.safeParse(prowjob);
  if (!parsed.success) return undefined;
  const { labels, annotations } = parsed.data.metadata;
  const [project = '', topic = '', runid = ''] = ['project', 'topic', 'runID'].map((name) => {
    const key = `prow.k8s.io/pubsub.${name}`;
    return annotations[key] || labels[key];
  });
  return project === '' || topic === '' ? undefined : { project, topic, runid };
}

/** As Prow's, field by field. */
function messageOf({ publication, rendered, prowjob }: RunNews, place: Place): object {
  const { run, report } = publication;
  const stored = report.buildId === '' ? undefined : rendered?.place(report.buildId);
  const { refs: main, extra_refs } = job.parse(prowjob).spec;
  const refs = [...(main === undefined ? [] : [main]), ...extra_refs];
  return {
    ...place,
    status: report.state,
    url: report.url,
    gcs_path: stored === undefined ? '' : `${stored.bucket}/${stored.folder}`,
    ...(refs.length === 0 ? {} : { refs }),
    job_type: run.type,
    job_name: run.job,
    ...(report.description === '' ? {} : { message: report.description }),
  };
}

function createPublisher({ endpoint }: PubSubReporterSetting) {
  const auth = new GoogleAuth({ scopes: SCOPE });
  return async ({ project, topic }: Place, message: object): Promise<void> => {
    const path = `projects/${encodeURIComponent(project)}/topics/${encodeURIComponent(topic)}`;
    const url = `${endpoint ?? GOOGLE}/v1/${path}:publish`;
    const headers = endpoint === undefined ? await auth.getRequestHeaders(url) : {};
    const data = Buffer.from(JSON.stringify(message)).toString('base64');
    const answer = await fetch(url, {
      method: 'POST',
      headers: { ...headers, 'content-type': 'application/json' },
      body: JSON.stringify({ messages: [{ data }] }),
      signal: AbortSignal.timeout(LIMIT_MS),
    });
    await answer.body?.cancel();
    if (answer.ok) return;
    const words = `Pub/Sub answered ${answer.status} for the topic "${topic}" of the project "${project}"`;
    // A topic that is not there, no topic's name, or somebody else's is the job's mistake: never an endless retry.
    if ([400, 403, 404].includes(answer.status)) {
      const next = 'correct the annotations of the job, or make the topic and let us publish there';
      throw new ReportRefused(`${words}: ${next}.`);
    }
    throw new Error(words);
  };
}
