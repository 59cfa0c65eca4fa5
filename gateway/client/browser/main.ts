import { followLogs } from './follow-log.ts';
import { keepLive } from './keep-live.ts';
import { localTimes } from './local-times.ts';

localTimes(document);
const swapped = (): void => {
  localTimes(document);
  followLogs();
};
keepLive(swapped);
followLogs();
