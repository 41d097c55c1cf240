/** The variables by which each tool is told where to cache. */
export const settings: Readonly<Record<string, string>> = {
  'pip-tools': 'PIP_TOOLS_CACHE_DIR',
  pip: 'PIP_CACHE_DIR',
  uv: 'UV_CACHE_DIR',
  npm: 'npm_config_cache',
  pnpm: 'npm_config_store_dir',
  'pnpm-metadata': 'npm_config_cache_dir',
  yarn: 'YARN_CACHE_FOLDER',
  cargo: 'CARGO_HOME',
  gradle: 'GRADLE_USER_HOME',
  huggingface: 'HF_HUB_CACHE',
  'pre-commit': 'PRE_COMMIT_HOME',
  'go-mod': 'GOMODCACHE',
  'go-build': 'GOCACHE',
  ccache: 'CCACHE_DIR',
  sccache: 'SCCACHE_DIR',
  poetry: 'POETRY_CACHE_DIR',
  pipenv: 'PIPENV_CACHE_DIR',
  conda: 'CONDA_PKGS_DIRS',
  playwright: 'PLAYWRIGHT_BROWSERS_PATH',
  puppeteer: 'PUPPETEER_CACHE_DIR',
  cypress: 'CYPRESS_CACHE_FOLDER',
  electron: 'electron_config_cache',
  'electron-builder': 'ELECTRON_BUILDER_CACHE',
  bun: 'BUN_INSTALL_CACHE_DIR',
  deno: 'DENO_DIR',
  nuget: 'NUGET_PACKAGES',
  'nuget-http': 'NUGET_HTTP_CACHE_PATH',
  composer: 'COMPOSER_CACHE_DIR',
  bundler: 'BUNDLE_USER_CACHE',
  rubygems: 'GEM_SPEC_CACHE',
};

/**
 * Those that are cleared one by one to see that nothing happens: all with `LONG=1`, else the first dozen and some of the
 * others. What `list` says is looked at for all of them.
 */
export const triedTools: readonly string[] = Object.keys(settings).filter(
  (_, at) => process.env['LONG'] !== undefined || at < 11 || at % 5 === 0,
);

/** Every tool is told the same. */
export const everySetting = (value: string): Readonly<Record<string, string>> =>
  Object.fromEntries(Object.values(settings).map((name) => [name, value]));
