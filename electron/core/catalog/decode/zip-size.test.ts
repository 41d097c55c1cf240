import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { wheelOf } from '../../../../e2e/support/local-index.ts';
import { folderForTest } from '../../../../e2e/support/temporary.ts';
import { reader } from '../../fs/reader.ts';
import { unpackedSize } from './zip-size.ts';

const good = wheelOf({ name: 'a', version: '1', kind: 'wheel' });

test('a cut or a longer one has no size, and mutated ones never throw', () => {
  const path = join(folderForTest(), 'a.zip');
  const size = (bytes: Uint8Array): number | null => {
    writeFileSync(path, bytes);
    return unpackedSize(reader, path);
  };
  expect(size(good)).toBeGreaterThan(0);
  expect(size(good.subarray(0, -1))).toBeNull();
  expect(size(good.subarray(1))).toBeNull();
  expect(size(Buffer.concat([good, Buffer.from('x')]))).toBeNull();
  expect(size(Buffer.alloc(0))).toBeNull();
  expect(unpackedSize(reader, `${path}.none`)).toBeNull();
  fc.assert(
    fc.property(fc.nat(good.length - 1), fc.uint8Array({ minLength: 1, maxLength: 9 }), (at, put) => {
      const bytes = Buffer.from(good);
      bytes.set(put.subarray(0, bytes.length - at), at);
      const found = size(bytes);
      expect(found === null || found >= 0).toBe(true);
    }),
    { numRuns: 1000 },
  );
});
