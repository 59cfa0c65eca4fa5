import { recordEnd, recordStart } from '../bucket-records.ts';
import type { OpenStorage } from '../storage/storage.ts';
import { isPermanent } from '../storage/storage-error.ts';
import { type Reporter, ReportRefused, type RunNews } from './reporter.ts';

/** What the reporter for buckets needs. */
export interface BucketReporterSetting {
  readonly openStorage: OpenStorage;
  /** Whether the run's executor writes the objects of its beginning itself. */
  readonly writesItself: (news: RunNews) => boolean;
}

/** Prow's `gcsreporter`: writes into a run's folder what the run itself has not (J§1.6, R11). */
export function createBucketReporter(setting: BucketReporterSetting): Reporter {
  return {
    name: 'gcsreporter',
    wants: (news) => {
      const { state, buildId, complete } = news.publication.report;
      if (buildId === '' || news.rendered === undefined) return false;
      return complete || (state === 'pending' && !setting.writesItself(news));
    },
    mark: ({ publication: { report } }) => `${report.state} ${report.buildId}`,
    report: async (news) => {
      const { publication, rendered } = news;
      if (rendered === undefined) return;
      const { bucket } = rendered.place(publication.report.buildId);
      try {
        const run = { publication, rendered, storage: setting.openStorage(bucket) };
        if (publication.report.complete) await recordEnd(run);
        else await recordStart(run, { pointers: !rendered.decorated });
      } catch (error) {
        throw isPermanent(error) ? new ReportRefused(error.message) : error;
      }
    },
  };
}
