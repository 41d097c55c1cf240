import { programWords } from '../../catalog/command-line.ts';
import { ask, days, hours, minutes, safe, type ToolGrammar } from './tool-grammar.ts';

const hex = /^[0-9a-f]$/;

/** ccache (TemporaryFile.cpp, LocalStorage): it removes such files itself when they are an hour old. */
export const ccacheTmp: ToolGrammar = {
  id: 'ccache-tmp',
  tool: 'ccache',
  what: 'A result that ccache had not finished writing',
  pattern: /^.+\.tmp\.(?:[A-Za-z0-9]{6}.*|remove)$/s,
  kinds: ['file'],
  spots: [{ from: 'cache', tools: ['ccache'], steps: [hex], deeper: 3 }],
  quietMs: hours(1),
  remedy: 'ccache --cleanup removes it.',
  judge: safe('ccache renames it when it is whole, and never looks for it again'),
};

/** ccache's own folder for temporary files: it removes those that are two days old (clean_internal_tempdir). */
export const ccacheFolder: ToolGrammar = {
  id: 'ccache-temporary',
  tool: 'ccache',
  what: 'A temporary file of ccache',
  pattern: /^(?!\.cleaned$).+$/s,
  kinds: ['file'],
  spots: [{ from: 'cache', tools: ['ccache'], steps: [/^tmp$/] }],
  quietMs: days(2),
  remedy: 'ccache removes it by itself at one of its next runs.',
  judge: safe('ccache removes from this folder itself what is that old'),
};

/** sccache (lru_disk_cache/mod.rs): its server removes all of them when it starts, and nobody else writes there. */
export const sccacheTmp: ToolGrammar = {
  id: 'sccache-tmp',
  tool: 'sccache',
  what: 'A result that sccache had not finished writing',
  pattern: /^\.sccachetmp[A-Za-z0-9]*$/,
  kinds: ['file', 'directory'],
  spots: [{ from: 'cache', tools: ['sccache'], steps: [], deeper: 3 }],
  quietMs: minutes(10),
  workers: { works: (argv) => programWords(argv)[0] === 'sccache', reach: 'anywhere' },
  remedy: 'sccache removes it when its server starts again (sccache --stop-server).',
  judge: safe('sccache itself removes it when its server starts'),
};

/** Git's names are known from use. In somebody's repository git is the one to ask; in a cache's clone a person is. */
export const gitTmp: ToolGrammar = {
  id: 'git-tmp',
  tool: 'git',
  what: 'Something that git had not finished receiving',
  pattern: /^tmp_(?:pack|idx|rev|obj)_[A-Za-z0-9]{6}$/,
  kinds: ['file'],
  spots: [
    { from: 'project', steps: [/^\.git$/, /^objects$/], deeper: 1 },
    { from: 'cache', tools: ['cargo'], steps: [/^git$/, /^db$/, /^/, /^objects$/], deeper: 1 },
    { from: 'cache', tools: ['pre-commit'], steps: [/^repo/, /^\.git$/, /^objects$/], deeper: 1 },
    { from: 'cache', tools: ['uv'], steps: [/^git-v\d+$/, /^db$/, /^/, /^objects$/], deeper: 1 },
  ],
  quietMs: days(1),
  remedy: 'git gc in the repository removes it.',
  judge: ({ base, dir }) =>
    dir
      .subarray(base.length + 1)
      .toString('latin1')
      .startsWith('.git')
      ? { cleaning: 'never', why: ['it stands in a repository, where nothing is cleaned by this program'] }
      : { cleaning: 'ask', why: ['git never looks for it again'] },
};

export const rustcWorking: ToolGrammar = {
  id: 'rustc-working',
  tool: 'rustc',
  what: 'A state of incremental compilation that was not finished',
  pattern: /^s-[0-9a-z]+-[0-9a-z]+-working$/,
  kinds: ['directory'],
  spots: [{ from: 'project', steps: [/^target$/, /^(?:debug|release)$/, /^incremental$/], deeper: 1 }],
  quietMs: days(1),
  remedy: 'cargo clean removes it with all that was built.',
  judge: ask('rustc removes such folders itself when it compiles this crate again'),
};

/** rustup (src/temp.rs): downloads, and components before they are put in place, removed when it is done with them. */
export const rustupTmp: ToolGrammar = {
  id: 'rustup-temporary',
  tool: 'rustup',
  what: 'A download or an unpacked component that rustup had not finished with',
  pattern: /^(?:[\w.-]*?)[A-Za-z0-9_-]{16}_(?:dir|file(?:\.[\w.]{1,20})?)$/,
  kinds: ['directory', 'file'],
  spots: [{ from: 'beside', steps: [/^\.rustup$/, /^tmp$/] }],
  quietMs: days(1),
  workers: { works: (argv) => /^rustup(?:-init)?$/.test(programWords(argv)[0] ?? ''), reach: 'anywhere' },
  remedy: null,
  judge: safe('rustup takes nothing from one of another run'),
};
