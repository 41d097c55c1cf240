import { expect, test } from 'vitest';
import { placeOf } from '../../../../e2e/support/cache-layout.ts';
import { maven } from './maven.ts';

test.each<[string, Parameters<typeof placeOf>[1], string, string]>([
  ['nothing said', {}, '/home/ada/.m2/repository', "Maven's default place"],
  [
    'settings',
    { files: { '/home/ada/.m2/settings.xml': '<settings xmlns="x"><localRepository>/r</localRepository></settings>' } },
    '/r',
    'localRepository in ~/.m2/settings.xml',
  ],
  [
    'a comment',
    { files: { '/home/ada/.m2/settings.xml': '<settings><!-- <localRepository>/r</localRepository> --></settings>' } },
    '/home/ada/.m2/repository',
    "Maven's default place",
  ],
  [
    'a profile of that name',
    { files: { '/home/ada/.m2/settings.xml': '<settings><x><localRepository>/r</localRepository></x></settings>' } },
    '/home/ada/.m2/repository',
    "Maven's default place",
  ],
  [
    'variables',
    {
      env: { BIG: '/b' },
      files: { '/home/ada/.m2/settings.xml': `<settings><localRepository>\${env.BIG}/r</localRepository></settings>` },
    },
    '/b/r',
    'localRepository in ~/.m2/settings.xml',
  ],
  [
    'the installation',
    {
      env: { PATH: '/x:/opt/m/bin' },
      files: {
        '/opt/m/bin/mvn': '#!',
        '/opt/m/conf/settings.xml': '<settings><localRepository>/g</localRepository></settings>',
      },
    },
    '/g',
    'localRepository in /opt/m/conf/settings.xml',
  ],
  [
    'options',
    {
      env: { MAVEN_OPTS: '-Xmx1g -Dmaven.repo.local="/o o" -Dx=1' },
      files: { '/home/ada/.m2/settings.xml': '<settings><localRepository>/r</localRepository></settings>' },
    },
    '/o o',
    'maven.repo.local in MAVEN_OPTS',
  ],
  [
    'arguments beat options',
    { env: { MAVEN_OPTS: '-Dmaven.repo.local=/o', MAVEN_ARGS: '-Dmaven.repo.local=/a' } },
    '/a',
    'maven.repo.local in MAVEN_ARGS',
  ],
  [
    'a broken file',
    { files: { '/home/ada/.m2/settings.xml': '<settings><localRepo' } },
    '/home/ada/.m2/repository',
    "Maven's default place",
  ],
])('its place with %s', (_, given, path, because) => {
  expect(placeOf(maven, given)).toMatchObject({ path, because });
});

test.each<[string, Parameters<typeof placeOf>[1]]>([
  ['a relative one', { env: { MAVEN_OPTS: '-Dmaven.repo.local=repo' } }],
  [
    'a tilde, which Maven takes literally',
    { files: { '/home/ada/.m2/settings.xml': '<settings><localRepository>~/r</localRepository></settings>' } },
  ],
])('%s cannot be used, and says so', (_, given) => {
  expect(placeOf(maven, given).problem?.code).toBe('unusable-path');
});
