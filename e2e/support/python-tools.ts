import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { run } from './run.ts';

/** What these tests run of Python programs that pip delivers: one version each. */
const versions = { uv: '0.9.5', 'huggingface-hub': '2.0.0' } as const;
export type PythonTool = keyof typeof versions;

const kept = fileURLToPath(new URL('../../node_modules/.cache/test-tools', import.meta.url));

/**
 * A folder that holds a Python program or library, with what it needs, installed from the index that this machine's pip is
 * set up with, once for all tests: `bin/uv`, or for PYTHONPATH. Null when it cannot be had.
 */
export const pythonTool = async (tool: PythonTool, mayFetch = true): Promise<string | null> => {
  const folder = join(kept, `${tool}-${versions[tool]}`);
  if (existsSync(folder) || !mayFetch) return existsSync(folder) ? folder : null;
  const own = `${folder}-${process.pid}-${Date.now()}`;
  mkdirSync(kept, { recursive: true });
  const args = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '--only-binary', ':all:'];
  const ran = await run('python3', [...args, '--target', own, `${tool}==${versions[tool]}`]);
  try {
    if (ran.code === 0) renameSync(own, folder);
  } catch {
    // Another was first.
  }
  rmSync(own, { recursive: true, force: true });
  return existsSync(folder) ? folder : null;
};
