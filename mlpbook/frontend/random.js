// NumPy's random numbers, draw for draw: the permutations and the normals of np.random.default_rng(seed), again and again.
//
// PCG64 (O'Neill 2014) begins from a seed that NumPy's SeedSequence has stirred; a shuffle is Fisher and Yates's, a normal draw
// comes from Marsaglia and Tsang's ziggurat (2000). Only this much of it is here, so that a reader of the book and Python meet
// samples in the same order and start from the same weights. No DOM here.

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

// --- the ziggurat: 255 boxes of equal area stacked under the bell e^(-x^2 / 2), and below them one with the tail beyond RIGHT

const RIGHT = 3.654152885361009; // where the tail begins; with 256 pieces, the boxes then end exactly at the top of the bell
const AREA = 0.004928673233974655; // of each piece
const bell = (x) => Math.exp((-x * x) / 2);

/** Where each box ends (the base as if it were a box), the bell there, and the share of the box that is surely under it. */
function ziggurat() {
  const ends = new Float64Array(256), heights = new Float64Array(256), sure = new Float64Array(256);
  let height = bell(RIGHT), lost = 0; // what rounding lost of the sum (Kahan 1965): near the top, x hangs on its last digits
  for (let i = 255, x = RIGHT; i > 0; i--) {
    [ends[i], heights[i]] = [x, height];
    const term = AREA / x - lost, sum = height + term;
    lost = sum - height - term;
    height = sum;
    x = Math.sqrt(-2 * Math.log(height));
    sure[i] = i > 1 ? x / ends[i] : 0; // the topmost box has none above it
  }
  [ends[0], heights[0], sure[0]] = [AREA / bell(RIGHT), 1, (RIGHT * bell(RIGHT)) / AREA];
  return { ends, heights, sure };
}

const { ends, heights, sure } = ziggurat();

/** seed (a whole number below 2^32) -> {permutation(n): another order of 0 to n - 1 each time, normal(): another draw}. */
export function generator(seed) {
  const words = stirred(seed).map(BigInt);
  const [a, b, c, d] = [0, 2, 4, 6].map((i) => words[i] | (words[i + 1] << 32n));
  const increment = ((((c << 64n) | d) << 1n) | 1n) & MASK128;
  let state = 0n, half = null; // a draw has 64 bits; whoever needs 32 leaves the upper half to the next who does
  const advance = () => (state = (state * MULTIPLIER + increment) & MASK128);
  advance();
  state = (state + ((a << 64n) | b)) & MASK128;
  advance();

  /** 64 bits. */
  function draw() {
    advance();
    const folded = (state >> 64n) ^ (state & MASK64), turn = state >> 122n;
    return ((folded >> turn) | (folded << (64n - turn))) & MASK64;
  }
  /** 32 bits. */
  function word() {
    if (half !== null) {
      const kept = half;
      half = null;
      return kept;
    }
    const drawn = draw();
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
  /** Between 0 and 1, with 53 bits. */
  const uniform = () => Number(draw() >> 11n) / 2 ** 53;

  /** Beyond RIGHT (Marsaglia 1964). */
  function tail() {
    for (;;) {
      const x = -Math.log1p(-uniform()) / RIGHT, y = -Math.log1p(-uniform());
      if (y + y > x * x) return RIGHT + x;
    }
  }
  return {
    permutation(n) {
      const order = Array.from({ length: n }, (_, i) => i);
      for (let i = n - 1; i > 0; i--) {
        const j = below(i);
        [order[i], order[j]] = [order[j], order[i]];
      }
      return order;
    },
    normal() {
      for (;;) {
        const bits = draw();
        const i = Number(bits & 0xffn), sign = bits & 0x100n ? -1 : 1, place = Number((bits >> 9n) & 0xfffffffffffffn);
        const share = place / 2 ** 52, x = sign * share * ends[i];
        if (share < sure[i]) return x;
        if (i === 0) return Math.floor(place / 256) % 2 ? -tail() : tail(); // of `place`, NumPy asks another sign here
        if ((heights[i - 1] - heights[i]) * uniform() + heights[i] < bell(x)) return x;
      }
    },
  };
}

/** seed -> permutation(n), as that of a generator of its own. */
export const permutations = (seed) => generator(seed).permutation;
