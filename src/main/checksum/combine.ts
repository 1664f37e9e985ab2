/**
 * The checksum of x‖y from those of x and of y, without their bytes. What x leaves in the register is multiplied by
 * t for each bit of y that passes, modulo the polynomial P: crc(x‖y) = crc(x) · t^(8·|y|) mod P ⊕ crc(y). All ones at
 * the start and the inversion at the end cancel each other out.
 *
 * Polynomials are reflected, as the checksums are: the highest bit is t⁰.
 */

/** The checksums that S3 keeps of whole objects and that can be put together from those of their parts. */
export type ChecksumAlgorithm = 'crc32' | 'crc64nvme';

interface Field {
  /** P without its highest power. */
  readonly polynomial: bigint;
  readonly one: bigint;
}

const fields: Readonly<Record<ChecksumAlgorithm, Field>> = {
  crc32: { polynomial: 0xedb8_8320n, one: 1n << 31n },
  crc64nvme: { polynomial: 0x9a6c_9329_ac4b_c9b5n, one: 1n << 63n },
};

/** Puts the checksum of a front and the checksum of what follows it together. */
export type Combine = (front: bigint, back: bigint) => bigint;

/** For backs of `backBytes`: to be kept where many have the same length, since the power of t is worked out once. */
export function combiner(algorithm: ChecksumAlgorithm, backBytes: number): Combine {
  const field = fields[algorithm];
  const shift = powerOfT(field, 8n * BigInt(backBytes));
  return (front, back) => multiply(field, front, shift) ^ back;
}

/** t^exponent mod P, by squaring. */
function powerOfT(field: Field, exponent: bigint): bigint {
  let power = field.one;
  let square = field.one >> 1n;
  for (let rest = exponent; rest > 0n; rest >>= 1n) {
    if (rest & 1n) power = multiply(field, power, square);
    square = multiply(field, square, square);
  }
  return power;
}

/** a · b mod P. */
function multiply({ polynomial, one }: Field, a: bigint, b: bigint): bigint {
  let product = 0n;
  let shifted = b;
  for (let bit = one; bit > 0n; bit >>= 1n) {
    if (a & bit) product ^= shifted;
    shifted = shifted & 1n ? (shifted >> 1n) ^ polynomial : shifted >> 1n;
  }
  return product;
}
