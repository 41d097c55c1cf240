import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { contradictions, keptBelow, layout, placeOf, toldIn, unitNames } from '../../../../e2e/support/cache-layout.ts';
import { reader } from '../../fs/reader.ts';
import { bundler, rubygems } from './ruby.ts';

const slug = `registry.example.443.${'a1'.repeat(16)}`;

/** As Bundler 2.3 leaves it with global_gem_cache; the clone by Source::Git. */
test('Bundler: lists, clones and shared gems; settings and plugins beside them stay', async () => {
  const home = layout([
    ...['.bundle/config', '.bundle/plugin/index', '.bundle/cache/mine/thesis.doc'],
    ...[`.bundle/cache/compact_index/${slug}/versions`, `.bundle/cache/compact_index/${slug}/info/rack`],
    `.bundle/cache/git/rails-${'b2'.repeat(20)}/HEAD`,
    `.bundle/cache/gems/${slug}/nokogiri-1.16.0-x86_64-linux.gem`,
  ]);
  const root = join(home, '.bundle', 'cache');
  expect(unitNames(bundler, root)).toEqual(['compact_index', 'gems', 'git']);
  expect(contradictions(bundler, root)).toEqual({ compact_index: null, gems: null, git: null });
  expect(Object.keys(keptBelow(bundler, root))).toEqual(['../config', '../plugin', 'mine']);
  expect(bundler.recognise(root, reader)).toContain(slug);
  expect(await toldIn(bundler, root)).toEqual([
    'compact_index: versions, rack null',
    `compact_index: list, ${slug}/versions null`,
    'gems: gem, nokogiri 1.16.0',
    'git: repository, rails null',
  ]);
  const mine = layout(['compact_index/thesis.doc', 'git/my-project/.git/HEAD', 'gems/thesis.doc']);
  expect(bundler.recognise(mine, reader)).toBeNull();
  for (const why of Object.values(contradictions(bundler, mine))) expect(why).not.toBeNull();
});

/** As RubyGems 3.3 leaves it. */
test('RubyGems: a source is a unit; installed gems are not looked at, credentials stay', async () => {
  const home = layout([
    ...['credentials', 'specs/registry.example%443/specs.4.8', 'specs/registry.example%443/latest_specs.4.8.gz'],
    ...[
      'specs/registry.example%443/quick/Marshal.4.8/rack-3.0.8.gemspec',
      'specs/mine/thesis.doc',
      'gems/rack-3.0.8/rack.rb',
    ],
  ]);
  const root = join(home, 'specs');
  expect(unitNames(rubygems, root)).toEqual(['registry.example%443']);
  expect(contradictions(rubygems, root)).toEqual({ 'registry.example%443': null });
  expect(Object.keys(keptBelow(rubygems, root))).toEqual(['../credentials', 'mine']);
  expect(await toldIn(rubygems, root)).toEqual([
    'registry.example%443: list, latest_specs.4.8.gz null',
    'registry.example%443: description, rack 3.0.8',
    'registry.example%443: list, specs.4.8 null',
  ]);
  expect(rubygems.recognise(home, reader)).toBeNull();
  expect(contradictions(rubygems, layout(['a%1/thesis.doc']))['a%1']).toContain('thesis.doc');
});

test.each<[typeof bundler, Parameters<typeof placeOf>[1], string]>([
  [bundler, {}, '/home/ada/.bundle/cache'],
  [bundler, { env: { BUNDLE_USER_HOME: '/b' } }, '/b/cache'],
  [bundler, { env: { BUNDLE_USER_HOME: '/b', BUNDLE_USER_CACHE: '/c' } }, '/c'],
  [rubygems, {}, '/home/ada/.cache/gem/specs'],
  [rubygems, { env: { XDG_CACHE_HOME: '/x' } }, '/x/gem/specs'],
  [rubygems, { env: { GEM_SPEC_CACHE: '/g' } }, '/g'],
])('%o', (tool, given, path) => {
  expect(placeOf(tool, given).path).toBe(path);
});

test.each<[string, boolean, boolean]>([
  ['/usr/bin/ruby3.1 /usr/bin/bundle install', true, false],
  ['ruby /usr/local/bin/bundle', true, false],
  ['bundle exec rails server', false, false],
  ['ruby /usr/bin/gem install rack', false, true],
  ['gem list', false, true],
  ['gem build x.gemspec', false, false],
  ['vim Gemfile', false, false],
])('%s', (line, isBundler, isGem) => {
  expect([bundler.works?.(line.split(' ')), rubygems.works?.(line.split(' '))]).toEqual([isBundler, isGem]);
});

test('older RubyGems have their lists elsewhere: found there when they are', () => {
  const home = layout({ '.local/share/gem/specs/rubygems.org%443/specs.4.8': '' });
  const surroundings = { platform: 'linux', env: {}, home, cwd: home, readText: () => null } as const;
  const places = () => rubygems.places?.(surroundings, reader).map(({ path }) => path.slice(home.length + 1));
  expect(places()).toEqual(['.local/share/gem/specs']);
  mkdirSync(join(home, '.cache', 'gem', 'specs'), { recursive: true });
  expect(places()).toEqual(['.cache/gem/specs', '.local/share/gem/specs']);
  const told = rubygems.places?.({ ...surroundings, env: { GEM_SPEC_CACHE: '/there' } }, reader);
  expect(told?.map(({ path }) => path)).toEqual(['/there']);
});
