import { type DestinationStream, type Logger, pino } from 'pino';

/**
 * JSON lines with the fields that Prow's users search for: component, level, msg, time, and, where they
 * apply, event-GUID, event-type, org, repo, pr, plugin.
 */
export function createLogger(
  component: string,
  {
    level = 'info',
    destination,
  }: { readonly level?: string; readonly destination?: DestinationStream } = {},
): Logger {
  const options = {
    level,
    base: { component },
    timestamp: () => `,"time":"${new Date().toISOString()}"`,
    formatters: { level: (label: string) => ({ level: label, severity: label }) },
    redact: [
      'req.headers.authorization',
      'req.headers.cookie',
      '*.password',
      '*.token',
      '*.secret',
    ],
  };
  return destination === undefined ? pino(options) : pino(options, destination);
}
