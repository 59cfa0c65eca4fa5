import fc from 'fast-check';
import { expect, it } from 'vitest';
import { reduce } from '../../gateway/webhook/reduce/reduce.ts';
import {
  commentPayload,
  issuePayload,
  pullRequestPayload,
  pushPayload,
  reviewPayload,
  statusPayload,
} from './payloads.ts';
import { eventsOf } from './post-office.ts';

const PAYLOADS: readonly (readonly [string, unknown])[] = [
  ['issue_comment', commentPayload('/hold')],
  ['pull_request', pullRequestPayload('opened', {}, { body: '/hold' })],
  ['pull_request', pullRequestPayload('labeled', { label: { name: 'x' } })],
  ['pull_request_review', reviewPayload('submitted', '/lgtm')],
  ['pull_request_review_comment', { ...commentPayload('x'), ...pullRequestPayload('created') }],
  ['issues', issuePayload('opened', {}, { body: '/kind bug' })],
  ['push', pushPayload('refs/heads/main')],
  ['status', statusPayload()],
];

/** Puts a value somewhere into a payload: at each level `path` chooses one of the fields. */
function spoil(payload: unknown, path: readonly number[], value: unknown): unknown {
  if (path.length === 0 || typeof payload !== 'object' || payload === null) return value;
  const keys = Object.keys(payload);
  const key = keys[(path[0] ?? 0) % Math.max(keys.length, 1)];
  if (key === undefined) return value;
  const fields = new Map(Object.entries(payload));
  fields.set(key, spoil(fields.get(key), path.slice(1), value));
  return Array.isArray(payload) ? [...fields.values()] : Object.fromEntries(fields);
}

const odd = fc.oneof(
  fc.jsonValue(),
  fc.string({ unit: 'binary', maxLength: 5_000 }),
  fc.constantFrom(-1, 1e300, '__proto__', '\u0000', '/'.repeat(3_000), '\ud800'),
);

it('a payload that somebody has spoilt is reduced or set aside, and stays small', () => {
  const property = fc.property(
    fc.constantFrom(...PAYLOADS),
    fc.array(fc.nat(30), { minLength: 1, maxLength: 4 }),
    odd,
    ([event, payload], path, value) => {
      const envelope = { event, guid: 'g', deliveryId: 'd', receivedAt: '2026-11-23T10:00:00Z' };

      const reduced = reduce(spoil(payload, path, value), envelope);

      expect(['message', 'nothing', 'undecodable']).toContain(reduced.kind);
      if (reduced.kind !== 'message') return;
      for (const each of eventsOf(reduced.message)) {
        expect(Buffer.byteLength(JSON.stringify(each))).toBeLessThanOrEqual(4_096);
      }
    },
  );
  fc.assert(property, { numRuns: 3_000 });
});

it('anything at all is reduced or set aside', () => {
  const property = fc.property(fc.constantFrom(...PAYLOADS), odd, ([event], payload) => {
    const envelope = { event, guid: 'g', deliveryId: undefined, receivedAt: '' };

    expect(['nothing', 'undecodable']).toContain(reduce(payload, envelope).kind);
  });
  fc.assert(property, { numRuns: 500 });
});

it.each(['\n', ' ', '\r', '\t', '\u2028', ' \n', '<!--'])(
  'a text of 65,000 signs that are all %j is reduced at once',
  (sign) => {
    const body = `x${sign.repeat(65_000 / sign.length)}y`;
    const envelope = { event: '', guid: 'g', deliveryId: 'd', receivedAt: '2026-11-23T10:00:00Z' };
    const began = performance.now();

    reduce(commentPayload(body), { ...envelope, event: 'issue_comment' });
    reduce(pullRequestPayload('opened', {}, { body }), { ...envelope, event: 'pull_request' });

    expect(performance.now() - began).toBeLessThan(500);
  },
);
