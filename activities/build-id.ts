import { type AsRow, only, type Queryable } from './database/database.ts';

/** The moment that Prow's build ids count from, milliseconds since 1970. */
const EPOCH = 1_288_834_974_657n;
const SEQUENCE_BITS = 22n;

interface Vended {
  readonly moment: number;
  readonly sequence: number;
}

/**
 * A build id as Prow's look (19 digits, growing with time), unique over all processes: the database's
 * clock, then the low bits of a transaction number that it never gives twice.
 */
export async function nextBuildId(db: Queryable): Promise<string> {
  const { moment, sequence } = only(
    await db.query<AsRow<Vended>>(
      `SELECT floor(extract(epoch FROM clock_timestamp()) * 1000)::bigint AS moment,
              (pg_current_xact_id()::text::bigint % ${2 ** 22})::bigint AS sequence`,
    ),
  );
  return composeBuildId(moment, sequence);
}

/** Puts milliseconds since 1970 and a sequence number of 22 bits together. */
export function composeBuildId(moment: number, sequence: number): string {
  return (((BigInt(moment) - EPOCH) << SEQUENCE_BITS) | BigInt(sequence)).toString();
}

const TOT_LIMIT_MS = 10_000;

/** A build id from Prow's service of them (`--tot-url`); throws if it does not answer 200. */
export async function totBuildId(url: string, job: string): Promise<string> {
  const address = `${url}/vend/${encodeURIComponent(job)}`;
  const answer = await fetch(address, { signal: AbortSignal.timeout(TOT_LIMIT_MS) });
  const text = (await answer.text()).trim();
  if (answer.status === 200 && text !== '') return text;
  throw new Error(`the service of build ids at ${url} answered ${answer.status}: is it up?`);
}
