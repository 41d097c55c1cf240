import { execFile, execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  contradictions,
  entriesIn,
  keptBelow,
  layout,
  placeOf,
  toldIn,
  unitNames,
} from '../../../../e2e/support/cache-layout.ts';
import { folderForTest } from '../../../../e2e/support/temporary.ts';
import { reader } from '../../fs/reader.ts';
import { maven } from './maven.ts';

const run = promisify(execFile);

const hasMaven = ((): boolean => {
  try {
    execFileSync('mvn', ['--version'], { stdio: 'ignore', timeout: 60_000 });
    return true;
  } catch {
    return false;
  }
})();
const note = hasMaven ? '' : ' (SKIPPED: there is no mvn here)';

const notes = (...lines: readonly string[]): string =>
  `#NOTE: of the resolver\n#Mon Nov 23 19:03:35 UTC 2026\n${lines.join('\n')}\n`;

/** As Maven 3.8 leaves it after a download, checksums as with its default settings. */
const downloaded = (dir: string, base: string, id = 'central'): Record<string, string> => ({
  [`${dir}/${base}.jar`]: 'jar',
  [`${dir}/${base}.jar.sha1`]: 'sum',
  [`${dir}/${base}.pom`]: 'pom',
  [`${dir}/${base}.pom.sha1`]: 'sum',
  [`${dir}/_remote.repositories`]: notes(`${base}.jar>${id}=`, `${base}.pom>${id}=`),
});

describe('what may go', () => {
  test('is a version that came from a repository, whole; what was installed here is never in a unit', () => {
    const root = layout({
      ...downloaded('org/slf4j/slf4j-api/2.0.9', 'slf4j-api-2.0.9'),
      ...downloaded('org/slf4j/slf4j-api/2.0.10', 'slf4j-api-2.0.10', 'mirror\\:8081'),
      'org/slf4j/slf4j-api/maven-metadata-central.xml': 'x',
      'org/slf4j/slf4j-api/resolver-status.properties': 'x',
      'com/ours/lib/1.0/lib-1.0.jar': 'jar',
      'com/ours/lib/1.0/lib-1.0.pom': 'pom',
      'com/ours/lib/1.0/_remote.repositories': notes('lib-1.0.jar>=', 'lib-1.0.pom>='),
      'com/ours/lib/maven-metadata-local.xml': 'x',
      ...downloaded('com/ours/both/1.0', 'both-1.0'),
      'com/ours/both/1.0/both-1.0-sources.jar': 'jar',
      'com/ours/both/1.0/_remote.repositories': notes(
        ...['both-1.0.jar>central=', 'both-1.0.jar>=', 'both-1.0.pom>central=', 'both-1.0-sources.jar>central='],
      ),
      '.locks/artifact.lock': '',
    });
    expect(unitNames(maven, root)).toEqual(['org/slf4j/slf4j-api/2.0.10', 'org/slf4j/slf4j-api/2.0.9']);
    const kept = keptBelow(maven, root);
    expect(Object.keys(kept)).toEqual(['com/ours/both/1.0', 'com/ours/lib/1.0']);
    expect(kept['com/ours/lib/1.0']).toContain('mvn install');
    expect(contradictions(maven, root)).toEqual({
      'org/slf4j/slf4j-api/2.0.10': null,
      'org/slf4j/slf4j-api/2.0.9': null,
    });
    expect(maven.locks?.files(root, reader)).toEqual([join(root, '.locks', 'artifact.lock')]);
  });

  test.each<[string, Readonly<Record<string, string>>]>([
    ['no note at all', { 'a-1.jar': '', 'a-1.pom': '' }],
    [
      'a file that the note leaves out',
      { 'a-1.jar': '', 'a-1.pom': '', '_remote.repositories': notes('a-1.pom>central=') },
    ],
    ['a checksum of nothing', { 'b.jar.sha1': '', '_remote.repositories': notes() }],
    ['a folder', { 'mine/thesis.doc': '', 'a-1.pom': '', '_remote.repositories': notes('a-1.pom>central=') }],
    ['a link', { 'a-1.jar -> /etc/hostname': '', '_remote.repositories': notes('a-1.jar>central=') }],
    ['a note that is cut off', { 'a-1.jar': '', '_remote.repositories': 'a-1.j' }],
    ['a note of another file', { 'a-1.jar': '', '_remote.repositories': notes('a-2.jar>central=') }],
    [
      'only metadata of this machine',
      { 'maven-metadata-local.xml': '', 'a-1.pom': '', '_remote.repositories': notes('a-1.pom>central=') },
    ],
  ])('is not a version with %s', (_, files) => {
    const root = layout({
      ...downloaded('z/z/1', 'z-1'),
      ...Object.fromEntries(Object.entries(files).map(([name, text]) => [`g/a/1/${name}`, text])),
    });
    expect(unitNames(maven, root)).toEqual(['z/z/1']);
    const [place, why] = Object.entries(keptBelow(maven, root))[0] ?? [];
    expect('g/a/1'.startsWith(place ?? 'nothing')).toBe(true);
    expect(why).toMatch(/mvn install|only copy/);
  });

  test('is a snapshot with the copy that Maven makes of it, unless the two differ', () => {
    const stamped = 'a-1.0-20260102.030405-6.jar';
    const files = {
      [`g/a/1.0-SNAPSHOT/${stamped}`]: 'jar',
      'g/a/1.0-SNAPSHOT/a-1.0-SNAPSHOT.jar': 'jar',
      'g/a/1.0-SNAPSHOT/maven-metadata-nightly.xml': 'x',
      'g/a/1.0-SNAPSHOT/maven-metadata-nightly.xml.sha1': 'x',
      'g/a/1.0-SNAPSHOT/resolver-status.properties': 'x',
      'g/a/1.0-SNAPSHOT/_remote.repositories': notes(`${stamped}>nightly=`),
    };
    expect(unitNames(maven, layout(files))).toEqual(['g/a/1.0-SNAPSHOT']);
    expect(unitNames(maven, layout({ ...files, 'g/a/1.0-SNAPSHOT/a-1.0-SNAPSHOT.jar': 'mine' }))).toEqual([]);
  });

  test('a part of the repository without any note is told once, by its topmost folder', () => {
    const root = layout({
      'a/b/1/b-1.jar': '',
      'a/b/2/b-2.jar': '',
      'a/c/1/c-1.jar': '',
      ...downloaded('d/e/1', 'e-1'),
    });
    expect(Object.keys(keptBelow(maven, root))).toEqual(['a']);
  });

  test('settings beside the repository stay', () => {
    const home = layout({ 'settings.xml': '', 'settings-security.xml': '', 'toolchains.xml': '', 'repository/x/': '' });
    expect(Object.keys(keptBelow(maven, join(home, 'repository')))).toEqual([
      ...['../settings.xml', '../settings-security.xml', '../toolchains.xml'],
    ]);
  });

  test('a folder that gained a file of a person contradicts', () => {
    const root = layout(downloaded('g/a/1', 'a-1'));
    const [unit] = maven.units(root, reader);
    if (unit === undefined) throw new Error('no unit');
    writeFileSync(join(root, 'g/a/1/thesis.doc'), '');
    expect(maven.contradiction(root, unit, reader)).toContain('only copy');
    mkdirSync(join(root, 'g/a/1/.git'));
    expect(maven.contradiction(root, unit, reader)).toContain('.git');
  });
});

test('entries say group, artifact, version and what each file is; damaged ones too', async () => {
  const root = layout({ ...downloaded('org/x/y/1.2', 'y-1.2'), 'org/x/y/1.2/y-1.3.jar.lastUpdated': '' });
  expect(await toldIn(maven, root)).toEqual([
    'org/x/y/1.2: note, org.x:y 1.2',
    'org/x/y/1.2: jar, org.x:y 1.2',
    'org/x/y/1.2: checksum, org.x:y 1.2',
    'org/x/y/1.2: pom, org.x:y 1.2',
    'org/x/y/1.2: checksum, org.x:y 1.2',
    'org/x/y/1.2: note, org.x:y 1.2',
  ]);
  expect((await entriesIn(maven, root)).reduce((sum, { bytes }) => sum + (bytes ?? 0), 0)).toBe(
    Buffer.byteLength(notes('y-1.2.jar>central=', 'y-1.2.pom>central=')) + 'jarsumpomsum'.length,
  );
});

test('mutated notes never throw, and never make a unit of what is installed', () => {
  const root = layout({ 'g/a/1/a-1.jar': '', 'g/a/1/_remote.repositories': '' });
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      writeFileSync(join(root, 'g/a/1/_remote.repositories'), `${text.replaceAll('\\', '')}\na-1.jar>=\n`);
      expect(unitNames(maven, root)).toEqual([]);
    }),
    { numRuns: 300 },
  );
});

test.each<[string, boolean]>([
  [
    '/usr/lib/jvm/bin/java -classpath /m/boot/plexus-classworlds.jar org.codehaus.plexus.classworlds.launcher.Launcher install',
    true,
  ],
  ['java -jar server.jar', false],
  ['vim pom.xml', false],
])('%s works with it: %s', (line, expected) => {
  expect(maven.works?.(line.split(' '))).toBe(expected);
});

describe.skipIf(!hasMaven || process.platform === 'win32')(`what the real Maven caches${note}`, () => {
  const pom = (body: string): string =>
    `<project><modelVersion>4.0.0</modelVersion><packaging>pom</packaging>${body}</project>`;
  const made = () => {
    const home = folderForTest();
    const write = (name: string, text: string): void => {
      mkdirSync(dirname(join(home, name)), { recursive: true });
      writeFileSync(join(home, name), text);
    };
    write(
      'remote/org/example/parent/1.0/parent-1.0.pom',
      pom('<groupId>org.example</groupId><artifactId>parent</artifactId><version>1.0</version>'),
    );
    write(
      'project/pom.xml',
      pom(
        `<parent><groupId>org.example</groupId><artifactId>parent</artifactId><version>1.0</version><relativePath/></parent><artifactId>child</artifactId><repositories><repository><id>here</id><url>file://${home}/remote</url></repository></repositories>`,
      ),
    );
    const mvn = (...options: readonly string[]) =>
      run('mvn', ['-B', '-X', 'validate'], {
        cwd: join(home, 'project'),
        timeout: 120_000,
        maxBuffer: 64 * 1024 * 1024,
        env: { PATH: process.env['PATH'], HOME: home, MAVEN_OPTS: [`-Duser.home=${home}`, ...options].join(' ') },
      });
    return { home, mvn, write };
  };

  test('a parent out of a repository is a unit, which it downloads again after a clear', {
    timeout: 300_000,
  }, async () => {
    const { home, mvn } = made();
    const { stdout } = await mvn();
    const root = join(home, '.m2', 'repository');
    expect(stdout).toContain(`Using local repository at ${root}`);
    expect(maven.recognise(root, reader)).toContain('org/example/parent/1.0');
    expect(unitNames(maven, root)).toEqual(['org/example/parent/1.0']);
    expect(contradictions(maven, root)).toEqual({ 'org/example/parent/1.0': null });
    const before = await toldIn(maven, root);
    expect(before).toContain('org/example/parent/1.0: pom, org.example:parent 1.0');
    rmSync(join(root, 'org/example/parent/1.0'), { recursive: true });
    await mvn();
    expect(await toldIn(maven, root)).toEqual(before);
    expect(readFileSync(join(root, 'org/example/parent/1.0/_remote.repositories'), 'utf8')).toContain(
      'parent-1.0.pom>here=',
    );
  });

  test('it looks where we look', { timeout: 300_000 }, async () => {
    const { home, mvn, write } = made();
    write('.m2/settings.xml', `<settings><localRepository>\${user.home}/elsewhere</localRepository></settings>`);
    const given = {
      home,
      files: { [join(home, '.m2/settings.xml')]: readFileSync(join(home, '.m2/settings.xml'), 'utf8') },
    };
    expect((await mvn()).stdout).toContain(`Using local repository at ${placeOf(maven, given).path}`);
    const option = `-Dmaven.repo.local=${home}/third`;
    expect((await mvn(option)).stdout).toContain(
      `Using local repository at ${placeOf(maven, { ...given, env: { MAVEN_OPTS: option } }).path}`,
    );
    expect(existsSync(join(home, 'third/org/example/parent/1.0/parent-1.0.pom'))).toBe(true);
  });
});
