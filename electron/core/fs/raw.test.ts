import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { joinRaw, raw, rawText, showRaw } from './raw.ts';

/** What must never reach a person's eyes as it is: it drives terminals, turns text around, or cannot be seen. */
const dangerous =
  /[\p{Cc}\p{Zl}\p{Zp}\p{Cs}\u00ad\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff\ufff9-\ufffb]/u;

const fold = (name: Buffer): string => new TextDecoder().decode(name);

/** Bytes as names have them: no NUL and no slash; often almost UTF-8, often something that looks like an escape. */
const piece = fc.oneof(
  fc
    .uint8Array({ minLength: 1, maxLength: 4 })
    .map((bytes) => Buffer.from(bytes.filter((it) => it !== 0 && it !== 0x2f))),
  fc.string({ unit: 'binary', maxLength: 4 }).map((text) => raw(text.replaceAll(/[\0/]/g, ''))),
  fc
    .constantFrom(
      '\\xE9',
      '\\u{a}',
      '\\',
      '\\x',
      'xE9',
      'u{a}',
      '\n',
      '\u202e',
      '\ufeff',
      '\ufffd',
      'é',
      '界',
      '\u{1f600}',
    )
    .map((text) => raw(text)),
  fc
    .constantFrom([0xe9], [0xe8], [0xff], [0xc3], [0xef, 0xbb], [0xf0, 0x9f, 0x98], [0xed, 0xa0, 0x80], [0xc0, 0xaf])
    .map((it) => Buffer.from(it)),
);
const name = fc.array(piece, { minLength: 1, maxLength: 5 }).map((pieces) => Buffer.concat(pieces));

describe('a name for people', () => {
  it('is what was written when nothing is odd about it', () => {
    for (const text of ['pkgs', 'a b', 'é', '界', '😀', "it's", 'back\\slash', '\ufffd'])
      expect(showRaw(raw(text))).toBe(text);
  });

  it('writes out bytes that are no text, and characters that do something', () => {
    expect(showRaw(Buffer.from([0x63, 0xe9]))).toBe('c\\xE9');
    expect(showRaw(raw('a\nb\u001b[31m'))).toBe('a\\u{a}b\\u{1b}[31m');
    expect(showRaw(raw('\u202egnp.exe'))).toBe('\\u{202e}gnp.exe');
    expect(showRaw(raw('\ufeffname'))).toBe('\\u{feff}name');
    expect(showRaw(Buffer.from([0x61, 0x0a, 0xff]))).toBe('a\\u{a}\\xFF');
  });

  it('tells three names apart that decode to the same text', () => {
    const names = [[0xe9], [0xe8], [0xef, 0xbf, 0xbd]].map((bytes) => Buffer.from([0x63, ...bytes]));
    expect(new Set(names.map(fold)).size).toBe(1);
    expect(new Set(names.map(showRaw)).size).toBe(3);
  });

  it('tells an escape apart from a name that spells one', () => {
    expect(showRaw(raw('\\u{a}'))).not.toBe(showRaw(raw('\n')));
    expect(showRaw(raw('\\xE9'))).not.toBe(showRaw(Buffer.from([0xe9])));
  });

  it('is different for different names, whatever they are', () => {
    fc.assert(
      fc.property(name, name, (one, two) => {
        fc.pre(!one.equals(two));
        expect(showRaw(one)).not.toBe(showRaw(two));
      }),
      { numRuns: 3000 },
    );
  });

  it('shows nothing that is dangerous to show, whatever the name is', () => {
    fc.assert(
      fc.property(name, (bytes) => {
        expect(showRaw(bytes)).not.toMatch(dangerous);
      }),
      { numRuns: 3000 },
    );
  });
});

describe('the text of a name', () => {
  it('is there exactly when it leads back to the same bytes', () => {
    fc.assert(
      fc.property(name, (bytes) => {
        const text = rawText(bytes);
        const utf8 = raw(fold(bytes)).equals(bytes) || raw(`\ufeff${fold(bytes)}`).equals(bytes);
        expect(text !== null).toBe(utf8);
        if (text !== null) expect(raw(text).equals(bytes)).toBe(true);
      }),
      { numRuns: 3000 },
    );
  });

  it('keeps a byte order mark: without it, it is another file', () => {
    expect(rawText(raw('\ufeffname'))).toBe('\ufeffname');
  });
});

describe('joining', () => {
  it('is byte for byte', () => {
    fc.assert(
      fc.property(name, name, (dir, child) => {
        expect(joinRaw(dir, child).equals(Buffer.concat([dir, raw('/'), child]))).toBe(process.platform !== 'win32');
      }),
    );
  });
});
