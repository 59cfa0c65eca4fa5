import { createRequire } from 'node:module';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { freshDatabase, type TestDatabase } from '../environment.ts';
import { deliver, openPostOffice, type PostOffice } from './post-office.ts';

let database: TestDatabase;
let office: PostOffice;

beforeAll(async () => {
  database = await freshDatabase();
  office = openPostOffice(database.db);
});
afterAll(async () => {
  await office.app.close();
  await database.drop();
});

// The package's types do not fit what it exports.
const examples = z
  .array(z.object({ name: z.string(), examples: z.array(z.unknown()) }))
  .parse(createRequire(import.meta.url)('@octokit/webhooks-examples'));

const payloads = examples.flatMap(({ name, examples: of }) =>
  of.map((payload, index) => ({ name, index, payload })),
);

test('there are 329 of them', () => {
  expect(payloads).toHaveLength(329);
});

test.for(payloads)(
  'GitHub’s example of $name, number $index, is taken',
  async ({ name, payload }) => {
    const response = await deliver(office, name, payload);

    expect(response.statusCode).toBe(200);
  },
);

test('every example of a kind that we know has its shape', () => {
  const undecodable = office.logged.filter(({ level }) => level === 'warn');

  expect(undecodable).toEqual([]);
  expect(office.sent.length).toBeGreaterThan(80);
});
