import { DefaultLogger, type LogEntry, Runtime } from '@temporalio/worker';
import type { Logger } from 'pino';

/** Makes Temporal's SDK write the same JSON lines as everything else; once per process, before all else. */
export function logTemporalTo(log: Logger): void {
  const write = ({ level, message, meta }: LogEntry) => {
    const fields = meta ?? {};
    if (level === 'ERROR') log.error(fields, message);
    else if (level === 'WARN') log.warn(fields, message);
    else log.debug(fields, message);
  };
  Runtime.install({ logger: new DefaultLogger('INFO', write) });
}
