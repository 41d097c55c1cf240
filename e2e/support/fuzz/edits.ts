import fc from 'fast-check';

/** One thing that is done to one file of a cache. Numbers are taken modulo what is there, so that any edit fits any file. */
export type Edit =
  | { readonly op: 'flip' | 'huge' | 'control'; readonly file: number; readonly at: number; readonly width: number }
  | { readonly op: 'cut' | 'repeat'; readonly file: number; readonly at: number; readonly width: number }
  | { readonly op: 'put'; readonly file: number; readonly at: number; readonly bytes: Uint8Array }
  | { readonly op: 'deep'; readonly file: number; readonly at: number; readonly opens: string; readonly depth: number }
  | { readonly op: 'swap'; readonly file: number; readonly other: number }
  | { readonly op: 'bomb'; readonly file: number; readonly kind: 'zip' | 'gzip' }
  | { readonly op: 'grow'; readonly file: number; readonly to: number }
  | { readonly op: 'rename' | 'beside'; readonly file: number; readonly name: string }
  | { readonly op: 'become'; readonly file: number; readonly what: 'folder' | 'link' | 'loop' | 'nothing' | 'pipe' };

const file = fc.nat(10_000);
/** Mostly near the beginning, where formats keep their lengths. */
const at = fc.oneof({ weight: 2, arbitrary: fc.nat(64) }, fc.nat(1_000_000));

/** Names that a tool would not give and a disk allows. */
const name = fc
  .oneof(
    fc.constantFrom(
      '\u001b[2Jx',
      'a\nb',
      '\u202egpj.exe',
      'x'.repeat(250),
      '-rf',
      '%',
      '%E0%A4%A',
      '@',
      '$&',
      '__proto__',
      ' ',
    ),
    fc.string({ unit: 'binary', minLength: 1, maxLength: 60 }),
  )
  .map((text) => text.replaceAll(/[/\0]/g, '_'))
  .filter((text) => text !== '.' && text !== '..' && Buffer.byteLength(text) <= 255);

const one: fc.Arbitrary<Edit> = fc.oneof(
  fc.record({ op: fc.constantFrom('flip', 'huge', 'control'), file, at, width: fc.integer({ min: 1, max: 8 }) }),
  fc.record({ op: fc.constantFrom('cut', 'repeat'), file, at, width: fc.oneof(fc.nat(16), fc.nat(100_000)) }),
  fc.record({ op: fc.constant('put'), file, at, bytes: fc.uint8Array({ maxLength: 24 }) }),
  fc.record({
    op: fc.constant('deep'),
    file,
    at,
    opens: fc.constantFrom('[', '{"a":', '<a>', '\x91', '(', '((a+)+'),
    depth: fc.constantFrom(300, 5000, 200_000),
  }),
  fc.record({ op: fc.constant('swap'), file, other: file }),
  fc.record({ op: fc.constant('bomb'), file, kind: fc.constantFrom('zip', 'gzip') }),
  fc.record({ op: fc.constant('grow'), file, to: fc.constantFrom(70_000, 5_000_000, 2 ** 30) }),
  fc.record({ op: fc.constantFrom('rename', 'beside'), file, name }),
  fc.record({ op: fc.constant('become'), file, what: fc.constantFrom('folder', 'link', 'loop', 'nothing', 'pipe') }),
);

/** What is done to a cache before a decoder reads it: one to four edits. */
export const someEdits: fc.Arbitrary<readonly Edit[]> = fc.array(one, { minLength: 1, maxLength: 4 });
