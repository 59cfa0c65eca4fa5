import { GO_RAND_WORDS } from './go-rand-table.ts';

const LENGTH = 607;
const TAP = 273;
const SEED_MODULUS = 2147483647;
const SEED_MULTIPLIER = 48271;
const ZERO_SEED = 89482311;
const WARM_UP = 20;

/**
 * `rand.New(rand.NewSource(seed)).Perm(n)` of Go's `math/rand`: Prow shuffles the approvers that it suggests by
 * the pull request's number, and another order would be another comment (W§0, H11).
 */
export function goPermutation(seed: number, n: number): readonly number[] {
  const next = goSource(seed);
  const order: number[] = [];
  for (let i = 0; i < n; i++) {
    const j = below(i + 1, next);
    order[i] = order[j] ?? i;
    order[j] = i;
  }
  return order;
}

/** A uniform number in [0, n), for n up to 2³¹; `next` gives 31 random bits. */
function below(n: number, next: () => number): number {
  const powerOfTwo = (n & (n - 1)) === 0;
  const end = powerOfTwo ? 2 ** 31 : 2 ** 31 - (2 ** 31 % n);
  let value = next();
  while (value >= end) value = next();
  return value % n;
}

/** Go's additive lagged Fibonacci source, cut to the 31 bits that `Int31` has. */
function goSource(seed: number): () => number {
  const words = seededWords(seed);
  let tap = 0;
  let feed = LENGTH - TAP;
  return () => {
    tap = (tap + LENGTH - 1) % LENGTH;
    feed = (feed + LENGTH - 1) % LENGTH;
    const sum = BigInt.asUintN(64, (words[feed] ?? 0n) + (words[tap] ?? 0n));
    words[feed] = sum;
    return Number(BigInt.asUintN(63, sum) >> 32n);
  };
}

function seededWords(seed: number): bigint[] {
  let x = seed % SEED_MODULUS;
  if (x < 0) x += SEED_MODULUS;
  if (x === 0) x = ZERO_SEED;
  const step = () => {
    // Below 2⁴⁷, so exact.
    x = (x * SEED_MULTIPLIER) % SEED_MODULUS;
    return BigInt(x);
  };
  for (let i = 0; i < WARM_UP; i++) step();
  return Array.from({ length: LENGTH }, (_, i) => {
    const mixed = (step() << 40n) ^ (step() << 20n) ^ step();
    return BigInt.asUintN(64, mixed ^ BigInt(`0x${GO_RAND_WORDS.slice(16 * i, 16 * i + 16)}`));
  });
}
