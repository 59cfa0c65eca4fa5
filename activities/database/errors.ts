/** The database cannot be reached, or did not answer in time. Nothing is known of the write: try again. */
export class DatabaseUnavailable extends Error {
  override readonly name = 'DatabaseUnavailable';
}

const NETWORK = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOENT',
  'EPIPE',
  'ETIMEDOUT',
]);

/** SQLSTATE of a server that stops, starts, is full or gave up waiting; class 08 is the connection. */
const SERVER = /^(08...|57P0[1-5]|53...|57014|55P03|25P03|58...)$/;

/** What `pg` itself throws; these errors have no code. */
const CLIENT =
  /timeout exceeded when trying to connect|query read timeout|connection terminated|client has encountered a connection error|connection ended|client was closed|not queryable/i;

/** Turns what `pg` throws into `DatabaseUnavailable` where waiting may cure it; other errors pass as they are. */
export function asDatabaseError(error: unknown): unknown {
  if (error instanceof DatabaseUnavailable) return error;
  if (!isUnavailable(error)) return error;
  const reason = describe(error);
  return new DatabaseUnavailable(`the database is not available: ${reason}`, { cause: error });
}

function isUnavailable(error: unknown): boolean {
  if (error instanceof AggregateError) return error.errors.some(isUnavailable);
  if (!(error instanceof Error)) return false;
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  return NETWORK.has(code) || SERVER.test(code) || CLIENT.test(error.message);
}

/** A failed connection to `localhost` is an AggregateError with an empty message. */
function describe(error: unknown): string {
  if (error instanceof AggregateError) return error.errors.map(describe).join('; ');
  return error instanceof Error ? error.message : String(error);
}
