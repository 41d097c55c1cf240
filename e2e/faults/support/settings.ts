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
};

/** Every tool is told the same. */
export const everySetting = (value: string): Readonly<Record<string, string>> =>
  Object.fromEntries(Object.values(settings).map((name) => [name, value]));
