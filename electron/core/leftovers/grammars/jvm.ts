import { ask, days, hours, safe, type ToolGrammar } from './tool-grammar.ts';

/** Maven's resolver (PathProcessorSupport.newTempFile): beside its target, with an unsigned 64-bit number, which has hardly ever fewer than 12 digits. */
export const mavenTmp: ToolGrammar = {
  id: 'maven-tmp',
  tool: 'maven',
  what: 'A file that Maven had not finished writing',
  pattern: /^.+\.\d{12,20}\.tmp$/s,
  kinds: ['file'],
  spots: [{ from: 'cache', tools: ['maven'], steps: [], deeper: 12 }],
  quietMs: hours(1),
  remedy: null,
  judge: safe('Maven renames it when it is whole, and never looks for it again'),
};

/**
 * Maven's older resolver (1.x, PartialFile.java): a download to be gone on with by the next run, and the file that locks
 * it meanwhile with fcntl(2).
 */
export const mavenPart: ToolGrammar = {
  id: 'maven-part',
  tool: 'maven',
  what: 'A download of Maven’s that was not finished',
  pattern: /^.+\.(?:jar|pom|war|ear|aar|zip|gz|xml|module)\.part(?:\.lock)?$/s,
  kinds: ['file'],
  spots: [{ from: 'cache', tools: ['maven'], steps: [], deeper: 12 }],
  quietMs: days(1),
  remedy: 'Run Maven again in a project that needs it: it goes on with this download, or begins it anew.',
  judge: ask('without it the next download begins anew instead of where this one ended'),
};

/** From Gradle's issues (gradle#9497), not from its source. The `.ok` beside it says that a distribution is whole. */
export const gradlePart: ToolGrammar = {
  id: 'gradle-part',
  tool: 'gradle',
  what: 'A Gradle distribution that was not downloaded to its end',
  pattern: /^.+\.zip\.part$/s,
  kinds: ['file'],
  spots: [{ from: 'cache', tools: ['gradle'], steps: [/^wrapper$/, /^dists$/], deeper: 2 }],
  quietMs: days(1),
  remedy: 'Run the project’s gradlew again: it downloads the distribution anew.',
  judge: ask('Gradle’s wrapper begins the download anew'),
};
