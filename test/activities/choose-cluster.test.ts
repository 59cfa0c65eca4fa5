import { createServer, type Server } from 'node:http';
import { afterEach, describe, expect, test } from 'vitest';
import { totBuildId } from '../../activities/build-id.ts';
import { chooseCluster, type Scheduler } from '../../activities/choose-cluster.ts';

const seeker = { job: 'unit', agent: 'kubernetes', cluster: 'blue' };
const failover = { mappings: { blue: 'green' } };

let server: Server | undefined;
afterEach(() => new Promise((resolve) => (server ? server.close(resolve) : resolve(undefined))));

/** A server that answers everything so; what it was asked is noted. */
async function answering(status: number, text: string, asked: string[] = []): Promise<string> {
  server = createServer((request, response) => {
    request.setEncoding('utf8');
    let body = '';
    request.on('data', (piece: string) => {
      body += piece;
    });
    request.on('end', () => {
      asked.push(`${request.method} ${request.url} ${body}`);
      response.writeHead(status).end(text);
    });
  });
  await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  return `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`;
}

describe('the cluster of a run (J§1.3)', () => {
  test.for([
    ['no scheduler', undefined, 'blue'],
    ['one that is switched off', { enabled: false, failover }, 'blue'],
    ['failover (P30)', { enabled: true, failover }, 'green'],
    ['failover of other clusters', { enabled: true, failover: { mappings: { red: 'x' } } }, 'blue'],
    ['none that is configured', { enabled: true }, 'blue'],
  ] as const satisfies readonly (readonly [string, Scheduler | undefined, string])[])(
    '%s',
    async ([, scheduler, cluster]) => {
      expect(await chooseCluster(seeker, scheduler, () => undefined)).toBe(cluster);
    },
  );

  test('is what a scheduler of your own says, which hears of the job', async () => {
    const asked: string[] = [];
    const external = { url: await answering(200, '{"cluster":"red"}', asked) };

    expect(await chooseCluster(seeker, { enabled: true, external }, () => undefined)).toBe('red');
    expect(asked).toEqual(['POST / {"job":"unit"}']);
  });

  test.for([
    [500, 'broken'],
    [200, 'no JSON'],
    [200, '{"cluster":""}'],
  ] as const)('stays as it was if that one answers %d %s (P31)', async ([status, text]) => {
    const warnings: string[] = [];
    const external = { url: await answering(status, text) };

    const chosen = await chooseCluster(seeker, { enabled: true, external }, (reason) =>
      warnings.push(reason),
    );

    expect(chosen).toBe('blue');
    expect(warnings).toHaveLength(text.includes('cluster') ? 0 : 1);
  });

  test('jobs of other agents choose theirs themselves', async () => {
    const jenkins = { ...seeker, agent: 'jenkins' };

    expect(await chooseCluster(jenkins, { enabled: true, failover }, () => undefined)).toBe('blue');
  });
});

describe("build ids from Prow's service", () => {
  test('are vended for the job', async () => {
    const asked: string[] = [];
    const url = await answering(200, '42\n', asked);

    expect(await totBuildId(url, 'a/b')).toBe('42');
    expect(asked).toEqual(['GET /vend/a%2Fb ']);
  });

  test('are no ids while it does not answer 200: the run stays where it is (P36)', async () => {
    const url = await answering(503, 'down');

    await expect(totBuildId(url, 'unit')).rejects.toThrow(/answered 503: is it up\?$/);
  });
});
