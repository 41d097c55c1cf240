import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseProperties } from './settings-properties.ts';
import { xmlElements } from './settings-xml.ts';

test('XML: paths, attributes, text; what stands behind a mistake is left out', () => {
  expect(xmlElements('<a b="1"><c> x &amp; <![CDATA[<y>]]> </c><!-- <c>no</c> --></a>')).toEqual([
    { path: 'a/c', attributes: {}, text: 'x & <y>' },
    { path: 'a', attributes: { b: '1' }, text: '' },
  ]);
  expect(xmlElements('<a><c>x</c><d>').map(({ path }) => path)).toEqual(['a/c']);
  expect(xmlElements('\uFEFF<a/>').length).toBe(1);
});

test('XML: nothing outside is read, nothing grows', () => {
  const laughs =
    '<!DOCTYPE a [<!ENTITY b "bbbbbbbb"><!ENTITY c "&b;&b;&b;"><!ENTITY d SYSTEM "file:///etc/hostname">]>';
  for (const entity of ['c', 'd']) expect(xmlElements(`${laughs}<a>&${entity};</a>`)).toEqual([]);
  const deep = `${'<a>'.repeat(100_000)}${'</a>'.repeat(100_000)}`;
  const before = performance.now();
  expect(xmlElements(deep)).toEqual([]);
  expect(performance.now() - before).toBeLessThan(5000);
});

test('properties as Java reads them', () => {
  const text = '# c\n! d\na\\:b>central=\n  x = y\\\n   z\nk\\u0041 v\nn\\\\=1\r\nq:w\nempty\nlast\\';
  expect([...parseProperties(text)]).toEqual([
    ...[
      ['a:b>central', ''],
      ['x', 'yz'],
      ['kA', 'v'],
      ['n\\', '1'],
      ['q', 'w'],
      ['empty', ''],
      ['last', ''],
    ],
  ]);
});

test('any text never throws', () => {
  const text = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.array(fc.constantFrom(...'<>/=a"\\#! \n&;')).map((it) => it.join('')),
  );
  fc.assert(
    fc.property(text, (it) => {
      xmlElements(it);
      parseProperties(it);
    }),
    { numRuns: 1000 },
  );
});
