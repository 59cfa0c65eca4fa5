import { KubeConfig } from '@kubernetes/client-node';
import { expect, test } from 'vitest';
import { openStations } from '../../workers/stations.ts';

test('a cluster that cannot be served yet holds up no other, and is served by the next try', async () => {
  const config = new KubeConfig();
  const opened: string[] = [];
  let isAway = true;
  const stations = openStations(
    { get: (alias) => ({ alias, config }), aliases: () => ['away', 'there'] },
    async ({ alias }) => {
      if (alias === 'away' && isAway) throw new Error('Temporal is away');
      opened.push(alias);
      return { ended: new Promise(() => undefined), close: async () => undefined };
    },
  );

  await expect(stations.adjust()).rejects.toThrow('Temporal is away');
  expect(opened).toEqual(['there']);

  isAway = false;
  await stations.adjust();
  expect(opened).toEqual(['there', 'away']);
  await stations.close();
});
