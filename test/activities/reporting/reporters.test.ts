import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { readReports } from '../../../activities/database/run-reports.ts';
import { readRun } from '../../../activities/database/runs.ts';
import { createDeadlines } from '../../../activities/github/http/deadline.ts';
import type { RenderedRun } from '../../../activities/rendered-run.ts';
import { createGitHubReporter } from '../../../activities/reporting/github-reporter.ts';
import { createPubSubReporter } from '../../../activities/reporting/pubsub-reporter.ts';
import type { Reporter } from '../../../activities/reporting/reporter.ts';
import { createSlackReporter } from '../../../activities/reporting/slack-reporter.ts';
import { createRunActivities } from '../../../activities/runs.ts';
import { openStorage } from '../../../activities/storage/open-storage.ts';
import type { OpenStorage } from '../../../activities/storage/storage.ts';
import { StorageError } from '../../../activities/storage/storage-error.ts';
import { advance, newStatus, reportOf } from '../../../workflows/domain/job-state.ts';
import type { RunRequest, RunState } from '../../../workflows/domain/run.ts';
import type { RunPublication } from '../../../workflows/ports.ts';
import { freshDatabase, type TestDatabase } from '../../environment.ts';
import { describeWith } from '../../tools.ts';
import { attemptOf, type Practice, practice } from '../local/practice.ts';
import { type MessageServer, startMessageServer } from './message-server.ts';

const SLACK_OK = { status: 200, body: { ok: true, ts: '1.1' } };

describeWith(['git', 'postgres'], 'reporters', () => {
  let given: Practice;
  let database: TestDatabase;
  let slack: MessageServer;
  let pubsub: MessageServer;
  let tokenFile: string;
  beforeAll(async () => {
    given = practice();
    database = await freshDatabase();
    slack = await startMessageServer(SLACK_OK);
    pubsub = await startMessageServer({ status: 200, body: { messageIds: ['1'] } });
    tokenFile = join(given.folder, 'slack-token');
    writeFileSync(tokenFile, 'xoxb-secret\n');
  });
  afterAll(async () => {
    await slack.close();
    await pubsub.close();
    await database.drop();
    rmSync(given.folder, { recursive: true, force: true });
  });
  beforeEach(() => {
    slack.taken.length = 0;
    slack.answerWith(SLACK_OK);
  });

  const toSlack = () =>
    createSlackReporter({ tokenFiles: { '*': tokenFile }, endpoint: `${slack.url}/api` });
  const telling = {
    host: '*',
    channel: 'builds',
    states: ['success', 'failure'],
    template: '{{.Spec.Job}}: {{.Status.State}}, {{.Status.BuildID}}',
  };
  const activities = (
    reporters: readonly Reporter[],
    change: Partial<RenderedRun> = {},
    open: OpenStorage = openStorage,
  ) =>
    createRunActivities({
      db: database.db,
      openStorage: open,
      render: async (run) =>
        given.render(['true'], {
          slack: telling,
          prowjob: (status) => ({
            metadata: { annotations: {}, labels: {} },
            spec: { job: run.job },
            status: { state: status.state, build_id: status.buildId },
          }),
          ...change,
        }),
      executorFor: () => ({ kind: 'kubernetes', queue: 'q' }),
      tell: async () => undefined,
      reporters,
    });
  const published = (run: RunRequest, states: readonly RunState[]): RunPublication => {
    let status = newStatus();
    for (const state of states) status = advance(status, { state, buildId: '42' });
    return {
      run,
      report: reportOf(run, status),
      startTime: '2026-01-01T00:00:00Z',
      pendingTime: '',
      completionTime: '',
    };
  };
  const told = () => slack.taken.map(({ body }) => new URLSearchParams(body).get('text'));
  const ledgerOf = async ({ uuid }: RunRequest): Promise<unknown> => {
    const prowjob: unknown = (await readRun(database.db, uuid))?.prowjob;
    return Object(Object(prowjob).status).prev_report_states ?? {};
  };

  test('Slack hears of the states that the configuration names, with the token of the file', async () => {
    const { run } = attemptOf(given);
    const { reportRun } = activities([toSlack()]);

    for (const states of [[], ['pending'], ['pending', 'failure']] as const) {
      expect(await reportRun(published(run, states), [])).toEqual([]);
    }

    expect(told()).toEqual(['unit: failure, 42']);
    const [message] = slack.taken;
    expect(message?.path).toBe('/api/chat.postMessage');
    expect(message?.headers.authorization).toBe('Bearer xoxb-secret');
    expect(Object.fromEntries(new URLSearchParams(message?.body))).toMatchObject({
      channel: 'builds',
      username: 'prow',
    });
    expect(await ledgerOf(run)).toMatchObject({ slackreporter: 'failure' });
  });

  test('told once, however often it is asked to tell (R06)', async () => {
    const { run } = attemptOf(given);
    const news = published(run, ['pending', 'failure']);

    await activities([toSlack()]).reportRun(news, []);
    await activities([toSlack()]).reportRun(news, []);
    await activities([toSlack()]).repeatReport(news, 'slackreporter');

    expect(told()).toEqual(['unit: failure, 42']);
  });

  test('an older state is not told after a newer one', async () => {
    const { run } = attemptOf(given);
    const { reportRun, repeatReport } = activities([toSlack()]);

    await reportRun(published(run, ['pending', 'failure']), ['slackreporter']);
    await repeatReport(published(run, ['success']), 'slackreporter');

    expect(told()).toEqual([]);
  });

  test('who does not answer is named, and the others are told (R16)', async () => {
    slack.answerWith({ status: 503, body: {} });
    const { run } = attemptOf(given);
    const heard: string[] = [];
    const other: Reporter = {
      name: 'other',
      wants: () => true,
      report: async ({ publication }) => {
        heard.push(publication.report.state);
      },
    };
    const { reportRun, repeatReport } = activities([toSlack(), other]);
    const news = published(run, ['pending', 'failure']);

    expect(await reportRun(news, [])).toEqual(['slackreporter']);
    expect(heard).toEqual(['failure']);
    expect((await readRun(database.db, run.uuid))?.state).toBe('failure');
    await expect(repeatReport(news, 'slackreporter')).rejects.toThrow();

    slack.answerWith(SLACK_OK);
    await repeatReport(news, 'slackreporter');
    expect(told()).toEqual(['unit: failure, 42']);
  });

  test.for([
    ['channel_not_found', {}, /the channel "builds": channel_not_found/],
    ['', { host: 'elsewhere' }, /--additional-slack-token-files=elsewhere=FILE/],
    ['', { host: 'constructor' }, /--additional-slack-token-files=constructor=FILE/],
    ['', { template: '{{template "none"}}' }, /report_template.*none is not defined/],
    ['', { template: '{{printf "%c" 9999999999}}' }, /report_template.*cannot be rendered/],
  ] as const)(
    'what Slack will never take is not tried again, and the page says why: %s',
    async ([error, change, words]) => {
      if (error !== '') slack.answerWith({ status: 200, body: { ok: false, error } });
      const { run } = attemptOf(given);
      const { reportRun } = activities([toSlack()], { slack: { ...telling, ...change } });

      expect(await reportRun(published(run, ['pending', 'failure']), [])).toEqual([]);

      const [row] = await database.db.query<{ problem: string }>(
        `SELECT problem FROM run_reports WHERE uuid = $1 AND reporter = 'slackreporter'`,
        [run.uuid],
      );
      expect(row?.problem).toMatch(words);
      expect(row?.problem).not.toContain('xoxb');
      expect(await ledgerOf(run)).not.toHaveProperty('slackreporter');
    },
  );

  const withTopic: Partial<RenderedRun> = {
    slack: undefined,
    prowjob: (status) => ({
      metadata: {
        labels: { 'prow.k8s.io/pubsub.runID': 'r-1' },
        annotations: { 'prow.k8s.io/pubsub.project': 'p', 'prow.k8s.io/pubsub.topic': 'runs' },
      },
      spec: { refs: { org: 'o', repo: 'r', base_ref: 'main' } },
      status: { state: status.state },
    }),
  };

  test('Pub/Sub hears every state of a job that names a topic (R15)', async () => {
    const { run } = attemptOf(given);
    const { reportRun } = activities([createPubSubReporter({ endpoint: pubsub.url })], withTopic);

    await reportRun(published(run, []), []);
    await reportRun(published(run, ['pending']), []);
    await reportRun(published(run, ['pending', 'success']), []);

    const messages = pubsub.taken.map(({ body }) => {
      const data: string = JSON.parse(body).messages[0].data;
      return JSON.parse(Buffer.from(data, 'base64').toString());
    });
    expect(pubsub.taken[0]?.path).toBe('/v1/projects/p/topics/runs:publish');
    expect(messages.map(({ status }) => status)).toEqual(['triggered', 'pending', 'success']);
    expect(messages.at(-1)).toEqual({
      project: 'p',
      topic: 'runs',
      runid: 'r-1',
      status: 'success',
      url: '',
      gcs_path: `${given.storageUrl}/logs/unit/42`,
      refs: [{ org: 'o', repo: 'r', base_ref: 'main' }],
      job_type: 'presubmit',
      job_name: 'unit',
    });
    expect(await ledgerOf(run)).toMatchObject({ 'pubsub-reporter': 'success' });
  });

  test.for([
    ['that is not there', 404],
    ['of somebody else', 403],
  ] as const)('a topic %s is not tried again (R15)', async ([, status]) => {
    pubsub.answerWith({ status, body: {} });
    const { run } = attemptOf(given);
    const { reportRun } = activities([createPubSubReporter({ endpoint: pubsub.url })], withTopic);

    expect(await reportRun(published(run, ['pending']), [])).toEqual([]);
  });

  test('a superseded run is marked as reported to GitHub, so that nobody writes its end (P01)', async () => {
    const { run } = attemptOf(given);
    const { reportRun } = activities([]);

    await reportRun({ ...published(run, ['pending', 'aborted']), superseded: true }, []);

    expect(await ledgerOf(run)).toEqual({ 'github-reporter': 'aborted' });
  });

  test('the commit of a postsubmit hears that nobody runs its job', async () => {
    const { run } = attemptOf(given);
    const { refs, context } = run;
    const written: unknown[] = [];
    const github = createGitHubReporter({
      writeStatus: async (_target, { effect }) => {
        written.push(effect);
        return { kind: 'done', at: '' };
      },
    });
    const { reportRun } = createRunActivities({
      db: database.db,
      openStorage,
      render: async () => 'Nobody runs jobs of the agent "tekton-pipeline".',
      executorFor: () => undefined,
      tell: async () => undefined,
      reporters: [github, toSlack()],
    });
    const postsubmit: RunRequest = {
      ...run,
      type: 'postsubmit',
      refs: { ...refs, base_sha: 'c0ffee', pulls: [] },
    };

    expect(await reportRun(published(postsubmit, ['error']), [])).toEqual([]);

    expect(written).toMatchObject([{ sha: 'c0ffee', context, state: 'error' }]);
  });

  test('what a first try has on its way to GitHub ends with it, and the next one looks whether it came there', async () => {
    const deadline = createDeadlines(60_000);
    const seen: unknown[] = [];
    const late: Reporter = {
      name: 'late',
      wants: () => true,
      report: async ({ again }) => {
        seen.push([again, deadline().at - Date.now() < 5_000]);
        throw new Error('no answer');
      },
    };
    const { run } = attemptOf(given);
    const { reportRun, repeatReport } = activities([late]);
    const news = published(run, ['pending']);

    expect(await reportRun(news, [])).toEqual(['late']);
    await expect(repeatReport(news, 'late')).rejects.toThrow('no answer');

    expect(seen).toEqual([
      [false, true],
      [true, false],
    ]);
  });

  test('a bucket that refuses is said in words, and not asked again', async () => {
    const { run } = attemptOf(given);
    const question = { verb: 'write', url: 'gs://private/logs/unit/42/started.json' };
    const { reportRun } = activities([], {}, () => {
      throw new StorageError(question, 'forbidden');
    });

    expect(await reportRun(published(run, ['pending']), [])).toEqual([]);

    const reports = await readReports(database.db, run.uuid);
    expect(reports).toMatchObject([
      { reporter: 'gcsreporter', problem: expect.stringMatching(/gs:\/\/private.*may not/) },
    ]);
  });
});
