// NumPy's random permutations, number for number: what np.random.default_rng(seed).permutation(n) gives, again and again.
//
// PCG64 (O'Neill 2014) begins from a seed that NumPy's SeedSequence has stirred; a shuffle is Fisher and Yates's. Only this
// much of it is here, so that a reader of the book and Python meet samples in the same order. No DOM here.

const MULTIPLIER = 0x2360ed051fc65da44385df649fccf645n;
const MASK64 = (1n << 64n) - 1n, MASK128 = (1n << 128n) - 1n;

/** A multiplicative hash whose constant moves on with every word, as SeedSequence has it. */
function hasher(constant, multiplier) {
  return (word) => {
    let value = word ^ constant;
    constant = Math.imul(constant, multiplier);
    value = Math.imul(value, constant);
    return (value ^ (value >>> 16)) >>> 0;
  };
}

/** Eight stirred words of 32 bits from a seed below 2^32. */
function stirred(seed) {
  const hash = hasher(0x43b0d7e5, 0x931e8875);
  const pool = [seed, 0, 0, 0].map(hash);
  for (let from = 0; from < 4; from++) {
    for (let to = 0; to < 4; to++) {
      if (from === to) continue;
      const mixed = Math.imul(0xca01f9dd, pool[to]) - Math.imul(0x4973f715, hash(pool[from]));
      pool[to] = (mixed ^ (mixed >>> 16)) >>> 0;
    }
  }
  const last = hasher(0x8b51f9dd, 0x58f38ded);
  return [...pool, ...pool].map(last);
}

/** seed (a whole number below 2^32) -> permutation(n), which gives another order of 0 to n - 1 each time. */
export function permutations(seed) {
  const words = stirred(seed).map(BigInt);
  const [a, b, c, d] = [0, 2, 4, 6].map((i) => words[i] | (words[i + 1] << 32n));
  const increment = ((((c << 64n) | d) << 1n) | 1n) & MASK128;
  let state = 0n, half = null; // a draw has 64 bits; its upper half is the next 32
  const advance = () => (state = (state * MULTIPLIER + increment) & MASK128);
  advance();
  state = (state + ((a << 64n) | b)) & MASK128;
  advance();

  function word() {
    if (half !== null) {
      const kept = half;
      half = null;
      return kept;
    }
    advance();
    const folded = (state >> 64n) ^ (state & MASK64), turn = state >> 122n;
    const drawn = ((folded >> turn) | (folded << (64n - turn))) & MASK64;
    half = Number(drawn >> 32n);
    return Number(drawn & 0xffffffffn);
  }
  /** A whole number from 0 to `most`: bits enough for it, drawn until they fit. */
  function below(most) {
    const mask = 2 ** (32 - Math.clz32(most)) - 1;
    for (;;) {
      const value = (word() & mask) >>> 0;
      if (value <= most) return value;
    }
  }
  return (n) => {
    const order = Array.from({ length: n }, (_, i) => i);
    for (let i = n - 1; i > 0; i--) {
      const j = below(i);
      [order[i], order[j]] = [order[j], order[i]];
    }
    return order;
  };
}
