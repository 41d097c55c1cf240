import { encode } from '@msgpack/msgpack';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { msgpackProblem } from './msgpack-shape.ts';

test('what the library writes is whole, and one byte less is not', () => {
  fc.assert(
    fc.property(
      fc.object({
        maxDepth: 6,
        withNullPrototype: true,
        values: [fc.string(), fc.double(), fc.integer(), fc.boolean(), fc.uint8Array({ maxLength: 400 })],
      }),
      (value) => {
        const packed = Buffer.from(encode(value));
        expect(msgpackProblem(packed)).toBeNull();
        expect(msgpackProblem(packed.subarray(0, -1))).not.toBeNull();
      },
    ),
  );
});

test('any bytes are judged, and never throw', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 60 }), (bytes) => {
      expect(msgpackProblem(Buffer.from(bytes)) ?? 'it is whole').toMatch(/^it /);
    }),
    { numRuns: 2000 },
  );
});

test('depth and number have an end', () => {
  expect(msgpackProblem(Buffer.from([...Array(300).fill(0x91), 0xc0]))).toContain('deeper');
  expect(msgpackProblem(Buffer.alloc(1))).toBeNull();
  expect(msgpackProblem(Buffer.from([0xdd, 0xff, 0xff, 0xff, 0xff, ...Array(60_000).fill(0)]))).toContain(
    'more values',
  );
  expect(msgpackProblem(Buffer.from([0xc1]))).toContain('no type');
});
